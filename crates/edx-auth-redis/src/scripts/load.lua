-- KEYS: the token. ARGV: the length of the longest one.
-- Returns the token, and for how many milliseconds it lasts by this server's clock.
return {redis.call('GETRANGE', KEYS[1], 0, ARGV[1]), redis.call('PTTL', KEYS[1])}
