/* What files and requests have to look like, as schemas, and how a file that does not is refused. Loading them takes its time. */
export { checkOptions } from './config.ts';
export {
  Group as GroupShape,
  IndexFormats as IndexFormatsShape,
  Nodes as NodesShape,
  SnapshotStorage as SnapshotStorageShape,
  Token as TokenShape,
} from './options/cluster-file-schema.ts';
export { late } from './options/late.ts';
export {
  describeOptionFault as describeFault,
  schemaFault,
  schemaFaultOf,
  type OptionFault,
} from './options/option-fault.ts';
export { Type } from './schema-type.ts';
export { readYamlFile } from './options/yaml-file.ts';
export { Fault as FaultShape } from './simulation/faults.ts';
