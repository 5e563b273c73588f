-- KEYS: the token, the claim. ARGV: a name for this claim, how long it lasts.
-- Returns the fence of the claim, or 0 if another process has it. A claim that never expires is none.
if redis.call('PTTL', KEYS[2]) >= 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return next_fence()
