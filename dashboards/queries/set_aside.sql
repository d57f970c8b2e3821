-- grain: one file that was set aside or only partly read
SELECT path, kind, status, reason, sha256
FROM source_file
WHERE status IN ('rejected', 'partial', 'unsupported')
ORDER BY status, path, sha256
