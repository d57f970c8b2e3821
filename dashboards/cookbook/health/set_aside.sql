-- Which files were set aside, and why?
-- One row a file, or all of one sort in an archive, counted.
SELECT status, path, reason, n_files
FROM set_aside
ORDER BY status, path, reason, n_files;
