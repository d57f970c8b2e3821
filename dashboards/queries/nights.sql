-- grain: one night, the newest first; thirty of them, and the newest that ended well
SELECT
    started_at, ended_at, state, reason, wall_s, find_s, read_s, ledger_s, build_s, render_s,
    n_found, n_new, n_unreadable, n_loaded, n_duplicate, n_partial, n_rejected, n_unsupported
FROM night
QUALIFY
    row_number() OVER (ORDER BY started_at DESC) <= 30
    OR row_number() OVER (ORDER BY state NOT IN ('ok', 'nothing new'), started_at DESC) = 1
ORDER BY started_at DESC
