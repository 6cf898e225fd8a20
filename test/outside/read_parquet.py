"""Reads an encrypted Parquet file. Takes `{"path", "key"}` as JSON, the key in base64, and prints columns and rows as texts."""

import base64
import json
import sys
import uuid

import pyarrow.parquet as parquet
import pyarrow.parquet.encryption as encryption

asked = json.load(sys.stdin)
options = {}
if asked["key"] is not None:
    options["decryption_properties"] = encryption.create_decryption_properties(base64.b64decode(asked["key"]))
try:
    table = parquet.ParquetFile(asked["path"], **options).read()
except (OSError, ValueError) as error:
    sys.exit(f"refused: {error}")


def text(value):
    if isinstance(value, bytes) and len(value) == 16:
        return str(uuid.UUID(bytes=value))
    return None if value is None else str(value)


columns = [column.to_pylist() for column in table.columns]
rows = [[text(value) for value in row] for row in zip(*columns)]
json.dump({"columns": table.column_names, "rows": rows}, sys.stdout)
