-- grain: one file that was set aside or only partly read, or several of an archive, counted
SELECT path, kind, status, reason, n_files
FROM set_aside
WHERE status IN ('rejected', 'partial', 'unsupported')
ORDER BY
    CASE status WHEN 'rejected' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END, path, n_files DESC, reason
