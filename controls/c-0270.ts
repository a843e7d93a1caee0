import {limitControl} from './shared/limit-control.ts';

export const c0270 = limitControl('cpu', {id: 'C-0270', title: 'Ensure CPU limits are set'});
