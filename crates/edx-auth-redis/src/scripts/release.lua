-- KEYS: the token, the claim. ARGV: the name of this claim. Another one stays.
if redis.call('GET', KEYS[2]) == ARGV[1] then return redis.call('DEL', KEYS[2]) end
return 0
