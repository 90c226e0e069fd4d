/** Runs within a page: tells what can not be read there as it should be. */
(() => {
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen, .skip');
  const named = (element) =>
    `<${element.localName} class="${element.getAttribute('class') ?? ''}"> ${element.textContent.slice(0, 60)}`;

  /** Each piece of text with the boxes of its lines. */
  const pieces = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === '' || !isShown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 0) found.push({ element, text: node.data.trim(), box });
    }
    return found;
  };

  // Boxes of text have room above and below their letters: lines that follow each other may share a little of it.
  const SLACK = 3;
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;
  const isWithin = (inner, outer) =>
    inner.left >= outer.left - 1 &&
    inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 &&
    inner.bottom <= outer.bottom + 1;

  const overlaps = () => {
    const all = pieces();
    return all.flatMap((one, n) =>
      all
        .slice(n + 1)
        .filter((other) => overlap(one.box, other.box))
        .map((other) => `"${one.text}" and "${other.text}" overlap`),
    );
  };

  const clipped = () =>
    [...document.querySelectorAll('body, body *')]
      .filter((element) => isShown(element) && !element.closest('svg') && !element.matches('.scroll'))
      .filter(
        (element) =>
          getComputedStyle(element).overflowX !== 'visible' || element.matches('td, th, dd, li, p, h1, h2, h3'),
      )
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => `clipped: ${named(element)}`);

  /** In a picture, every text stands in its box, or beside all boxes; and all of it within the picture. */
  const misplaced = () =>
    [...document.querySelectorAll('svg')].filter(isShown).flatMap((picture) => {
      const edge = picture.getBoundingClientRect();
      const boxes = [...picture.querySelectorAll('.step rect')];
      return [...picture.querySelectorAll('text')].flatMap((text) => {
        const box = text.getBoundingClientRect();
        const own = text.closest('.step')?.querySelector('rect') ?? null;
        return [
          ...(isWithin(box, edge) ? [] : [`beyond the picture: ${named(text)}`]),
          ...(own && !isWithin(box, own.getBoundingClientRect()) ? [`beyond its box: ${named(text)}`] : []),
          ...boxes
            .filter((rect) => rect !== own && overlap(box, rect.getBoundingClientRect()))
            .map(() => `on a box: ${named(text)}`),
        ];
      });
    });

  const wider = document.documentElement.scrollWidth > window.innerWidth ? [`the page is wider than the window`] : [];
  const scrolled = [...document.querySelectorAll('.scroll')]
    .filter((region) => region.scrollWidth > region.clientWidth + 1)
    .map((region) => region.getAttribute('aria-label'));
  return { faults: [...wider, ...overlaps(), ...clipped(), ...misplaced()], scrolled };
})();
