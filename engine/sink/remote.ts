import type { Row } from '../change.ts';
import type { SinkKind } from '../mapping/mapping.ts';
import type { DatabasePlace } from '../server/place.ts';
import type { TargetColumn } from '../sql/target.ts';
import type { Unshipped } from '../store/state/outbox.ts';

/** A target elsewhere: where it is, its name there, and the metric whose it is. */
export interface RemoteTarget extends DatabasePlace {
  readonly kind: Exclude<SinkKind, 'sqlite'>;
  readonly metric: string;
  readonly table: string;
  /** Columns whose values tell its parts apart; none where it is one, or knows no parts. */
  readonly partitionBy: readonly string[];
}

/** All that is shipped at once. */
export interface Shipment extends Unshipped {
  /** What the target remembers it by. */
  readonly token: string;
  /** Of the commit that it brings the target up to; a later shipment of the same state has a greater one. */
  readonly number: bigint;
  readonly columns: readonly TargetColumn[];
  readonly key: readonly string[];
}

/** Rows that a shipment brought, and keys that it took away. */
export interface ShippedCount {
  readonly rows: number;
  readonly gone: number;
}

/**
 * A target elsewhere, open for one shipment.
 *
 * Whoever opens it looks first, then ships or does not, and closes it in any case. From the look to the close nobody else
 * ships to the same table: two runs take turns. Each method throws an EtlError that names the place, never a password.
 */
export interface RemoteSink {
  /**
   * The token of the last shipment that has arrived; null where there is no such table, or none of ours. Throws where a
   * table of that name was made by others, or altered.
   */
  look(): Promise<string | null>;
  /** Makes the target what the shipment says, and remembers its token: all or nothing. */
  ship(shipment: Shipment): Promise<ShippedCount>;
  /** All rows, in no order, in the forms that a target of SQLite holds. Throws where there is no such table. */
  rows(columns: readonly TargetColumn[]): AsyncIterable<Row>;
  close(): Promise<void>;
}
