// Plain CommonJS, so that the machine's own Node runs it, whatever its age.
const {existsSync, readFileSync} = require('node:fs');

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : undefined);
/** A file in which a test failed, or which never got as far as its tests. */
const isBroken = ({status, assertionResults}) =>
  assertionResults.some((test) => test.status === 'failed') ||
  (status === 'failed' && assertionResults.length === 0);

const [first, ...rest] = process.argv.slice(2);
if (first === '--failed-files') {
  for (const {name} of (read(rest[0]) ?? []).filter(isBroken)) console.log(name);
} else {
  const results = read(rest[0]);
  const again = new Map((read(rest[1]) ?? []).map((file) => [file.name, file]));
  let failed = Number(first);
  let passed = 0;
  if (results === undefined) {
    console.error('The test run left no result file.');
    failed += 1;
  }
  for (const file of results ?? []) {
    const {name, message, status, assertionResults} = again.get(file.name) ?? file;
    if (again.has(file.name) && !isBroken(again.get(file.name)))
      console.error(`passed only when run once more, alone: ${name}`);
    if (status === 'failed' && assertionResults.length === 0) {
      console.error(`did not run: ${name}: ${message}`);
      failed += 1;
    }
    for (const test of assertionResults) {
      if (test.status === 'passed') passed += 1;
      else {
        failed += 1;
        const what = test.status === 'failed' ? 'failed' : 'skipped, and CI counts that as failed';
        console.error(`${what}: ${name}: ${test.fullName}`);
      }
    }
  }
  if (passed === 0) failed += 1;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
