/** The folder of a file on a node: `/var/log/audit` of `/var/log/audit/audit.log`. */
export const posixFolderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 1));
