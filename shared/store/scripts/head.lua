-- Included by scripts that show mail. Defines `head`: the first line of an entry, which tells of it,
-- without the content, which may be private and large. What is no entry has a first line too.

local function head(entry)
  return string.sub(string.match(entry, '^[^\n]*'), 1, 1000)
end
