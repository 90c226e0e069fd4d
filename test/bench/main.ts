import { bench } from './bench.ts';

const report = await bench(process.argv.slice(2), (text) => process.stderr.write(`${text}\n`));
process.stdout.write(report);
