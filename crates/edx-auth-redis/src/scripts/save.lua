-- KEYS: the token. ARGV: the token, how long it lasts, the fence of the claim or '' without one.
-- Returns 1 if the token was saved.
local fence = stored_fence()
if ARGV[3] == '' then
    if redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
elseif fence > tonumber(ARGV[3]) then
    return 0
else
    fence = ARGV[3]
end
redis.call('SET', KEYS[1], string.format('%.0f ', fence) .. ARGV[1], 'PX', ARGV[2])
return 1
