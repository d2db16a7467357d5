-- Neovim, headless: opens a Dockerfile, sees the diagnostics, applies a quick fix, saves. Written for 0.7.2, the oldest client we serve:
-- pushed diagnostics, UTF-16, no watched files. Run by tests/editors/run.
local project, server = vim.env.PROJECT, vim.env.PLIMSOLL

local function fail(what)
  io.stderr:write("neovim: " .. what .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, so)
  if not vim.wait(60000, so, 20) then
    fail("waited in vain for " .. what)
  end
end

vim.cmd("edit " .. vim.fn.fnameescape(project .. "/Dockerfile"))
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = "plimsoll", cmd = { server, "lsp" }, root_dir = project })
if not id or not vim.lsp.buf_attach_client(buffer, id) then
  fail("the server does not start")
end

local function of(rule)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    if one.code == rule then
      return one
    end
  end
end

wait("diagnostics", function() return of("docker/user-root") and of("docker/apt-no-assume-yes") end)

-- What is shown: text behind the lines, in marks of the diagnostics' own.
local function texts()
  local count = 0
  for _, namespace in pairs(vim.diagnostic.get_namespaces()) do
    local marks = namespace.user_data.virt_text_ns
    for _, mark in ipairs(marks and vim.api.nvim_buf_get_extmarks(buffer, marks, 0, -1, { details = true }) or {}) do
      count = count + (mark[4].virt_text and 1 or 0)
    end
  end
  return count
end
local shown = texts()
if shown == 0 then
  fail("nothing is shown behind the lines")
end

-- The one that Neovim would show in a menu is chosen: the preferred fix.
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    if item[2].isPreferred and item[2].diagnostics[1].code == "docker/apt-no-assume-yes" then
      return choose(item)
    end
  end
  fail("no action is preferred")
end
local flagged = of("docker/apt-no-assume-yes")
vim.api.nvim_win_set_cursor(0, { flagged.lnum + 1, flagged.col })
local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
vim.lsp.buf.code_action()
wait("the quick fix", function() return not vim.deep_equal(before, vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) end)
wait("the verdict on the fixed text", function() return not of("docker/apt-no-assume-yes") and of("docker/user-root") end)

-- What is typed is judged as well.
vim.api.nvim_buf_set_lines(buffer, -2, -1, false, { "USER app" })
wait("the verdict on what was typed", function() return not of("docker/user-root") end)
vim.cmd("write")
print("neovim: " .. shown .. " diagnostics shown, quick fix applied, saved")
vim.cmd("quitall!")
