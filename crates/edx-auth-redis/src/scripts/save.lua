-- KEYS: the token. ARGV: the token, how long it lasts, the fence of the claim or '' without one.
-- Returns 1 if the token was saved. Without a claim it counts as the latest: a process that was stopped with a
-- claim does not replace it.
local fence = tonumber(ARGV[3])
if fence then
    if stored_fence() > fence then return 0 end
else
    if redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
    fence = next_fence()
end
redis.call('SET', KEYS[1], string.format('%.0f ', fence) .. ARGV[1], 'PX', ARGV[2])
return 1
