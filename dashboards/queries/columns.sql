-- grain: column of a published table, by name of the table, in its own order
SELECT
    told.table_name, held.comment AS grain, told.column_name, told.data_type,
    told.comment AS meaning
FROM duckdb_columns() AS told
INNER JOIN duckdb_tables() AS held
    ON held.database_name = told.database_name AND held.schema_name = told.schema_name
    AND held.table_name = told.table_name
WHERE NOT told.internal AND NOT held.temporary
ORDER BY told.table_name, told.column_index
