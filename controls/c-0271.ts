import {limitControl} from './shared/limit-control.ts';

export const c0271 = limitControl('memory', {id: 'C-0271', title: 'Ensure memory limits are set'});
