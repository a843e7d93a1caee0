// Serves a practice cluster until it is killed; for tests of what a crash leaves.
import {connectOrStart} from '../../../src/practice/practice-cluster.ts';
import {scenarioDirectory} from './practice.ts';

const cluster = await connectOrStart({directory: process.argv[2]!, scenarioDirectory});
process.stdout.write(`${'machine' in cluster ? 'serving' : 'connected'} ${cluster.url}\n`);
