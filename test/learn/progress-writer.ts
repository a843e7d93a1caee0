// A session in a process of its own: writes attempts at one drill, one save for each. progress-writer.ts FILE DRILL COUNT
import {emptyProgress, readProgress, withAttempt} from '../../src/learn/progress.ts';
import {ProgressFile} from '../../src/learn/progress-file.ts';
import {acquireLock, releaseLock} from '../../src/practice/api/lock.ts';

const [file = '', drill = '', count = ''] = process.argv.slice(2);
let progress = await readProgress(file).catch(() => emptyProgress);
const own = new ProgressFile(file, progress, {acquire: acquireLock, release: releaseLock});
process.stdout.write('begun\n');
for (let n = 1; n <= Number(count); n += 1) {
  const at = new Date(2026, 10, 23, 12, 0, n);
  const attempt = {at: at.toISOString(), seconds: n, hints: 0, shown: false, met: 1, of: 1, exam: false};
  progress = withAttempt(progress, drill, attempt, at);
  await own.save(progress);
  process.stdout.write(`${n}\n`);
}
