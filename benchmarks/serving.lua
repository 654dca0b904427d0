-- One thread of wrk: asks the URLs of a file in turn, one of `every` requests a runaway, and counts what comes back.
-- Arguments: file with one path a line (the last line is the runaway), `every` (0: never, 1: always).
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(args)
   paths, sent, every = {}, 0, tonumber(args[2])
   answered, refused, cut, wrong = 0, 0, 0, 0
   for line in io.lines(args[1]) do table.insert(paths, line) end
   runaway = table.remove(paths)
end

function request()
   sent = sent + 1
   local away = every > 0 and sent % every == 0
   return wrk.format("GET", away and runaway or paths[sent % #paths + 1], { Accept = "application/sparql-results+json" })
end

function response(status, headers, body)
   local length = tonumber(headers["content-length"] or headers["Content-Length"])
   if length and length ~= #body then
      cut = cut + 1
   elseif status == 200 then
      if body:match("}%s*$") then answered = answered + 1 else cut = cut + 1 end
   elseif status == 503 then
      refused = refused + 1
   else
      wrong = wrong + 1
   end
end

function done(summary, latency)
   local total = { answered = 0, refused = 0, cut = 0, wrong = 0 }
   for _, thread in ipairs(threads) do
      for name in pairs(total) do total[name] = total[name] + thread:get(name) end
   end
   local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
   print(string.format(
      'RESULT {"seconds": %f, "p50": %f, "p99": %f, "max": %f, "answered": %d, "refused": %d, "cut": %d, "wrong": %d, "socket": %d}',
      summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
      total.answered, total.refused, total.cut, total.wrong, errors))
end
