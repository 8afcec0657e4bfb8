import {test} from 'vitest';
import fs from 'node:fs'; import {unzipSync} from 'fflate'; import {openH2} from '../../../h2/index.ts';
const d='/work/wt-h2/fixtures/golden/h2/';
for (const f of fs.readdirSync(d).filter(n=>n.endsWith('.json'))) { try {
 const want=JSON.parse(fs.readFileSync(d+f,'utf8')); const db=openH2(unzipSync(fs.readFileSync(d+f.replace('.json','.zip')))[want.entry]);
 let ok=true, n=0;
 for (const [t,rows] of Object.entries<any>(want.tables)) { const table=db.table(t)!; const got=[...db.rows(table)].map(r=>JSON.stringify(Object.fromEntries(Object.entries(r).map(([k,v])=>[k.toLowerCase(),typeof v==='bigint'?Number(v):v])))); n+=got.length;
  const exp=rows.map((r:any)=>JSON.stringify(r)); if(got.toSorted().join('\n')!==exp.toSorted().join('\n')) {ok=false;console.log(t,got[0],exp[0])} }
 console.log(f,ok,n,db.formatVersion,db.version,db.passedOver,db.tables().map(t=>t.name).join());
} catch(e) {console.log(f,e)} }
test('x',()=>{});
