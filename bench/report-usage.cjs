// Loaded into the measured program: tells on file descriptor 3 what it used. Threads load it too, and leave that.
if (require('node:worker_threads').isMainThread) {
  process.on('exit', () => {
    const {user, system} = process.cpuUsage();
    const usage = {cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS / 1024};
    require('node:fs').writeSync(3, JSON.stringify(usage));
  });
}
