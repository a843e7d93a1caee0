/** Answers that differ on purpose, and why; docs/practice-cluster.md tells the same. */
export const onPurpose: Readonly<Record<string, string>> = {
  'list of an exact old revision': 'only the newest state can be listed; older revisions are for watches',
  'resourceVersion on create': 'a dry run gives the revision back; ours has none to give',
  'other version': "the message names a line of the real server's source",
  'list with a bad set': 'the parser of selectors words it in another way',
  'service: node port': 'a real server looks at node ports only when it writes them',
};
