import {describe, expect, it} from 'vitest';
import {element, formatPath, getAt} from '../../src/engine/path.ts';

const object = {
  spec: {containers: [{name: 'web', image: 'nginx'}, {name: 'side'}]},
  metadata: {annotations: {'a.b/c': 'd'}},
};

describe('paths', () => {
  it('writes elements by their index when the object is known', () => {
    expect(formatPath(['spec', 'containers', element('name', 'side'), 'image'], object)).toBe(
      'spec.containers[1].image',
    );
  });
  it('keeps the merge key where no element matches', () => {
    expect(formatPath(['spec', 'containers', element('name', 'gone')], object)).toBe(
      'spec.containers[name=gone]',
    );
  });
  it('quotes keys that are no plain words', () => {
    expect(formatPath(['metadata', 'annotations', 'a.b/c'])).toBe('metadata.annotations["a.b/c"]');
  });
  it('reads what is there, and undefined where nothing is', () => {
    expect(getAt(object, ['spec', 'containers', element('name', 'web'), 'image'])).toBe('nginx');
    expect(getAt(object, ['spec', 'containers', element('name', 'gone'), 'image'])).toBeUndefined();
    expect(getAt(object, ['spec', 'containers', 'web'])).toBeUndefined();
  });
});
