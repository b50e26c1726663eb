-- The event of a line that the parser has read. A line that it has not, which has only the key log,
-- goes to the topic as it is: the job rejects it with a reason and keeps it.
function event(tag, timestamp, line)
    if line.status == nil then
        return 0, timestamp, line
    end
    local made = {
        event_time = timestamp.sec * 1000,
        status_code = tonumber(line.status),
        url = string.match(line.request, "^%S+ (%S+)") or line.request,
        -- The same when the line is read again, so that deduplicate = request-id counts it once.
        request_id = (os.getenv("HOSTNAME") or "") .. ":" .. string.format("%d", line.offset)
            .. ":" .. timestamp.sec,
    }
    if line.host ~= nil and line.host ~= "" then
        made.host = line.host
    else
        made.site_id = tonumber(os.getenv("WEIR_SITE_ID"))
    end
    if line.size ~= "-" then
        made.bytes_sent = tonumber(line.size)
    end
    if line.client ~= "-" then
        made.ip_address = line.client
    end
    if line.seconds ~= nil and line.seconds ~= "" then
        made.response_time_msec = tonumber(line.seconds) * 1000
    end
    return 1, timestamp, made
end
