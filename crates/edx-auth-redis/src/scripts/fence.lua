-- Returns the fence under which the stored token was requested: 0 if none is stored.
local function stored_fence()
    local head = redis.pcall('GETRANGE', KEYS[1], 0, 31)
    return type(head) == 'string' and tonumber(string.match(head, '^(%d+) ')) or 0
end
