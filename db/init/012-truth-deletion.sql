-- A verdict can be taken back.
GRANT DELETE ON truths TO 'sentinel_api'@'%';
