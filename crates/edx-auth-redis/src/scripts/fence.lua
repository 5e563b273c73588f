-- Returns the fence under which the stored token was requested: 0 if none is stored.
local function stored_fence()
    local head = redis.pcall('GETRANGE', KEYS[1], 0, 31)
    return type(head) == 'string' and tonumber(string.match(head, '^(%d+) ')) or 0
end
-- Returns a fence that is later than all before. The clock needs no counter, which could be evicted or lost
-- with a restart.
local function next_fence()
    local time = redis.call('TIME')
    return math.max(time[1] * 1000000 + time[2], stored_fence() + 1)
end
