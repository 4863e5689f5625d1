"""Prints a Delta table as delta-rs reads it: its rows at each version asked for, then its change feed.

usage: read_table.py PATH VERSION...
"""

import sys

from deltalake import DeltaTable, QueryBuilder

ROW = (
    "concat_ws('|', id, coalesce(name, 'NULL'), coalesce(cast(amount AS varchar), 'NULL'),"
    " coalesce(cast(day AS varchar), 'NULL'))"
)


def lines(query, table):
    found = QueryBuilder().register("t", table).execute(query).read_all()
    return [value.as_py() for value in found.column(0)]


path, versions = sys.argv[1], sys.argv[2:]
for version in versions:
    for line in lines(f"SELECT {ROW} FROM t ORDER BY id", DeltaTable(path, version=int(version))):
        print(f"{version}: {line}")

changes = DeltaTable(path).load_cdf(starting_version=int(versions[0]))
counted = {}
for batch in changes:
    kinds, commits = batch.column("_change_type"), batch.column("_commit_version")
    for kind, commit in zip(kinds, commits):
        change = f"{commit.as_py()} {kind.as_py()}"
        counted[change] = counted.get(change, 0) + 1
for change, count in sorted(counted.items()):
    print(f"{change}: {count}")
