-- grain: one file that was set aside or only partly read, or several of an archive, counted
SELECT path, kind, status, reason, n_files
FROM set_aside
WHERE status IN ('rejected', 'partial', 'unsupported')
ORDER BY status, path, reason
