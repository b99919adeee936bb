// What some runtimes lack; loaded before the agent.
process.getuid = undefined;
process.execPath = '/nonexistent/node';
