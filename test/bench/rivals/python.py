"""The metric with Python's standard library: one record a line is read, what it needs is kept in dicts, SQLite is written."""

import json
import sqlite3
import sys

COLUMNS = (
    "event_id TEXT, flow_id TEXT, created_at TEXT, transaction_lifecycle_event TEXT, decline_reason TEXT, "
    "decline_type TEXT, payment_method TEXT, transaction_id TEXT, transaction_type TEXT, amount INTEGER, "
    "currency_code TEXT, processor_merchant_account_id TEXT, three_d_secure_authentication TEXT, "
    "payment_instrument_type TEXT, customer_id TEXT"
)


def field(document, name):
    return None if document is None else json.loads(document).get(name)


def read(log):
    events, transactions, requests, tokens = {}, {}, {}, {}
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            for change in json.loads(line)["change"]:
                row = dict(zip(change["columnnames"], change["columnvalues"]))
                match change["table"]:
                    case "event_v2_data":
                        details = row["error_details"]
                        details = {} if details is None else json.loads(details)
                        events[row["event_id"]] = (
                            row["event_id"],
                            row["flow_id"],
                            row["created_at"],
                            row["transaction_lifecycle_event"],
                            details.get("decline_reason"),
                            details.get("decline_type"),
                            row["transaction_id"],
                        )
                    case "transaction":
                        transactions[row["transaction_id"]] = (
                            row["transaction_id"],
                            row["transaction_type"],
                            row["amount"],
                            row["currency_code"],
                            row["processor_merchant_account_id"],
                        )
                    case "transaction_request":
                        method = field(row["vault_options"], "payment_method")
                        requests[row["flow_id"]] = (method, row["token_id"])
                    case "payment_instrument_token_data":
                        tokens[row["token_id"]] = (
                            row["three_d_secure_authentication"],
                            row["payment_instrument_type"],
                            field(row["vault_data"], "customer_id"),
                        )
    return events, transactions, requests, tokens


def joined(events, transactions, requests, tokens):
    for *event, transaction_id in events.values():
        transaction = transactions.get(transaction_id)
        request = requests.get(event[1])
        if transaction is None or request is None:
            continue
        method, token_id = request
        token = tokens.get(token_id)
        if token is not None:
            yield (*event, method, *transaction, *token)


def main(log, output):
    database = sqlite3.connect(output)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute(f"CREATE TABLE dashboard_metric ({COLUMNS})")
    slots = ", ".join("?" * 15)
    database.executemany(f"INSERT INTO dashboard_metric VALUES ({slots})", joined(*read(log)))
    database.commit()
    database.close()


main(*sys.argv[1:])
