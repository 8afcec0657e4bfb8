#!/usr/bin/env python3
"""Independent reader of the data folder of a (simulated) Axon Server cluster.

It shares no code with the simulator: it was written from descriptions of the byte formats alone, so
that a mistake made by both the writer and the readers of the simulator does not go unnoticed.

    python3 read_data_dir.py DATA_DIR [--state STATE.json] [--segment-size BYTES]
                             [--log-segment-size BYTES] [--max-full N] [--golden FILE...]

One JSON report goes to stdout. Exit code 0: all is consistent; 1: there are findings; 2: wrong usage.
A "finding" names a file and what is wrong with it. Things that are unusual but allowed are only
counted: `earlyRolls` (a new segment although the next append would have fitted: rolled on request)
and `tornTails` (bytes of an unfinished write behind the end of an open segment). Files that are
neither read nor known companions of read ones are named under `ignored`.

Layout of the folder (the number is the first token, or the first log index, of the file):

    DATA_DIR/<node>/events/<context>/<20 digits>.events     .index   .bloom
                                     <20 digits>.snapshots  .sindex  .sbloom
    DATA_DIR/<node>/log/<replication group>/<20 digits>.log

All integers are big-endian, except inside protobuf messages.

Event segment (.events and .snapshots alike)

    +--------+-----------+------+- - -+------+-------------+--------------+
    | 02  u8 | flags i32 | tx 0 |     | tx n | marker i32  | zeros ...    |   marker -1: closed, 0: open
    +--------+-----------+------+- - -+------+-------------+--------------+
    0        1           5                   segment.end                  length (preallocated)

    transaction, 11 + size bytes
    +----------+--------+-----------+===================================+----------+
    | size i32 | 02  u8 | count i16 | count x (length i32, Event bytes) | crc  u32 |
    +----------+--------+-----------+===================================+----------+
    0          4        5           7        CRC-32 covers this         7 + size

    An append stays in the current file while  position + append + 4 <= length.  An append of more than
    32767 events is written as several transactions, all but the last of them with 32767 events. One that
    is larger than a whole segment has a file of its own, of exactly append + 9 bytes.

Bloom filter (Guava; n distinct aggregate identifiers of events with a non-empty aggregate type)

    +--------+--------+-----------+-------------+        words = ceil(floor(-n ln p / (ln 2)^2) / 64)
    | 01  u8 | k   u8 | words i32 | words x i64 |        MurmurHash3 x64 128 of the UTF-8 bytes, k bits each
    +--------+--------+-----------+-------------+

Log segment

    +--------+-----------+---------+- - -+---------+-------------+-------------+
    | 00  u8 | 0     i32 | entry 0 |     | entry n | marker i32  | zeros ...   |
    +--------+-----------+---------+- - -+---------+-------------+-------------+

    entry, 21 + size bytes
    +----------+--------+----------+----------+==============+----------+
    | size i32 | 00  u8 | term i64 | type i32 | data         | crc  u32 |
    +----------+--------+----------+----------+==============+----------+
    0          4        5          13         17  CRC-32     17 + size

    type 3: SerializedObject, 4: Config, 5: LeaderElected, 6: dummy (the byte "X").
    An entry stays in the current file while  position + 21 + size + 4 < length.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import itertools
import json
import math
import mmap
import os
import re
import struct
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Iterator, Union

HEADER_BYTES = 5
MARKER_BYTES = 4
CLOSED, OPEN = -1, 0  # what stands where the size of the next transaction or entry would be

TRANSACTION_OVERHEAD = 11
ENTRY_OVERHEAD = 21
MAX_EVENTS_PER_TRANSACTION = 32767

HEADER = struct.Struct('>Bi')
INT32 = struct.Struct('>i')
UINT32 = struct.Struct('>I')
TRANSACTION_HEAD = struct.Struct('>Bh')  # behind the size
ENTRY_HEAD = struct.Struct('>Bqi')  # behind the size

DIGEST_BYTES = 16
MAX_FINDINGS_PER_FILE = 20


def main(arguments: list[str]) -> int:
    options = parse_arguments(arguments)
    findings = Findings()
    report = {'nodes': {}}
    if options.data_dir is not None:
        report.update(check_data_dir(options, findings))
    if options.golden:
        report['golden'] = {path: describe_single_file(path, options.golden, findings) for path in options.golden}
    report['findings'] = findings.texts()
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if report['findings'] else 0


# ---------------------------------------------------------------------------------------------------
# Usage
# ---------------------------------------------------------------------------------------------------


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description='Checks the data folder of a simulated Axon Server cluster.')
    parser.add_argument('data_dir', nargs='?', metavar='DATA_DIR', help='folder with one folder per node')
    parser.add_argument('--state', metavar='STATE.json', help='answer of GET /_sim/state, to compare with the files')
    parser.add_argument('--segment-size', type=positive, metavar='BYTES', help='length of event and snapshot segments')
    parser.add_argument('--log-segment-size', type=positive, metavar='BYTES', help='length of log segments')
    parser.add_argument('--max-full', type=positive, default=2, metavar='N',
                        help='segments below the open one that may still lack their index and bloom (default 2)')
    parser.add_argument('--golden', nargs='+', default=[], metavar='FILE', help='only decode these single files')
    options = parser.parse_args(arguments)

    if options.data_dir is None and not options.golden:
        parser.error('give DATA_DIR or --golden FILE...')
    if options.data_dir is not None and not os.path.isdir(options.data_dir):
        parser.error(f'{options.data_dir} is not a folder')
    for path in options.golden:
        if not path.endswith(SINGLE_FILE_SUFFIXES):
            parser.error(f'{path}: expected a name that ends in one of {", ".join(SINGLE_FILE_SUFFIXES)}')
        if not os.path.isfile(path):
            parser.error(f'{path} is not a file')
    options.state = None if options.state is None else read_state(options.state, parser)
    return options


def positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f'{text} is not above 0')
    return value


def read_state(path: str, parser: argparse.ArgumentParser) -> dict[str, dict]:
    """The nodes of a state answer by their names."""
    try:
        with open(path, encoding='utf-8') as file:
            return {node['name']: node for node in json.load(file)['nodes']}
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f'{path} is not the state of a cluster: {error!r}')


# ---------------------------------------------------------------------------------------------------
# Vocabulary
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """Events or snapshots: the same format, under other names."""

    name: str
    data: str
    index: str
    bloom: str
    append: str  # the type of a log entry that appends one transaction


EVENT = Kind('EVENT', '.events', '.index', '.bloom', 'Append.EVENT')
SNAPSHOT = Kind('SNAPSHOT', '.snapshots', '.sindex', '.sbloom', 'Append.SNAPSHOT')
KINDS = (EVENT, SNAPSHOT)
KIND_OF_APPEND = {kind.append.encode(): kind for kind in KINDS}
SINGLE_FILE_SUFFIXES = tuple(suffix for kind in KINDS for suffix in (kind.data, kind.bloom)) + ('.log',)


class Findings:
    """What is wrong, in the order in which it was found, and not too much of it per file."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._per_file: dict[str, int] = {}

    def add(self, path: str, text: str) -> None:
        self._per_file[path] = self._per_file.get(path, 0) + 1
        if self._per_file[path] <= MAX_FINDINGS_PER_FILE:
            self._texts.append(f'{path}: {text}')

    def texts(self) -> list[str]:
        more = [
            f'{path}: {count - MAX_FINDINGS_PER_FILE} more findings'
            for path, count in self._per_file.items()
            if count > MAX_FINDINGS_PER_FILE
        ]
        return self._texts + more


@dataclass
class Segment:
    """What reading one file has shown."""

    path: str
    number: int
    length: int
    items: int = 0  # events of an event segment, entries of a log segment
    blocks: int = 0  # transactions or entries
    end: int = HEADER_BYTES  # offset behind the last block
    marker: int | None = None  # CLOSED or OPEN; None: the framing is broken at `end`
    stray: int | None = None  # first byte behind the marker that is not zero
    first_append: int = 0  # bytes of the first append, 0 if there is none
    append_goes_on: bool = True  # while reading: the next transaction may belong to the first append
    aggregates: set[str] | None = field(default_factory=set)  # None: some event could not be read

    @property
    def next(self) -> int:
        return self.number + self.items


class Chain:
    """The segments of one type in one folder, and a digest of each block by its token or log index.

    Digests stand in arrays, not in objects: equal ranges of two nodes then compare as plain memory.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.segments: list[Segment] = []
        self.starts = array('q')  # the numbers of the segments
        self.keys = array('q')
        self.digests = bytearray()
        self.gaps: list[tuple[int, int]] = []  # ranges that could not be read, already reported
        self.closed: list[int] = []  # event segments with index and bloom
        self.early_rolls = 0
        self.torn_tails = 0

    def add_segment(self, segment: Segment) -> None:
        self.segments.append(segment)
        self.starts.append(segment.number)

    def add(self, key: int, digest: bytes) -> bool:
        """False if the key does not come after all others: overlapping files, reported elsewhere."""
        if self.keys and key <= self.keys[-1]:
            return False
        self.keys.append(key)
        self.digests += digest
        return True

    @property
    def first(self) -> int | None:
        return self.segments[0].number if self.segments else None

    @property
    def next(self) -> int:
        return self.segments[-1].next if self.segments else 0

    @property
    def newest_path(self) -> str:
        return self.segments[-1].path if self.segments else self.path

    def position(self, key: int) -> int | None:
        position = bisect_left(self.keys, key)
        return position if position < len(self.keys) and self.keys[position] == key else None

    def digest(self, position: int) -> bytes:
        return bytes(self.digests[position * DIGEST_BYTES:(position + 1) * DIGEST_BYTES])

    def has_gap_at(self, key: int) -> bool:
        return any(start <= key < end for start, end in self.gaps)

    def path_of(self, key: int) -> str:
        position = bisect_right(self.starts, key) - 1
        return self.segments[max(position, 0)].path


class Log(Chain):
    """A chain of log segments. The lists run parallel to `keys`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.terms = array('q')
        self.types = bytearray()
        self.contexts: list[str | None] = []  # of the appends; None for all other entries
        self.counts = {3: 0, 4: 0, 5: 0, 6: 0}
        self.appends = {kind.name: 0 for kind in KINDS}
        self.appends_compared = 0  # with the event store of the same node


# ---------------------------------------------------------------------------------------------------
# The whole folder
# ---------------------------------------------------------------------------------------------------


def check_data_dir(options: argparse.Namespace, findings: Findings) -> dict:
    base = options.data_dir
    nodes = [node for node in folders_in(base) if node != 'simulator' and is_node(os.path.join(base, node))]
    ignored: list[str] = []
    stores = read_all_stores(base, nodes, options, findings, ignored)
    logs = read_all_logs(base, nodes, stores, options, findings, ignored)
    if options.state is not None:
        check_state(options.state, stores, logs, findings)

    chains = [*stores.values(), *logs.values()]
    return {
        'nodes': {node: describe_node(node, stores, logs) for node in nodes},
        'earlyRolls': sum(chain.early_rolls for chain in chains),
        'tornTails': sum(chain.torn_tails for chain in chains),
        'ignored': ignored,
    }


def is_node(path: str) -> bool:
    return any(os.path.isdir(os.path.join(path, part)) for part in ('events', 'log'))


def folders_in(path: str) -> list[str]:
    if not os.path.isdir(path):
        return []
    return sorted(name for name in os.listdir(path) if os.path.isdir(os.path.join(path, name)))


Stores = dict[tuple[str, str, str], Chain]  # by node, context, name of the kind
Logs = dict[tuple[str, str], Log]  # by node, replication group


def read_all_stores(base: str, nodes: list[str], options: argparse.Namespace, findings: Findings,
                    ignored: list[str]) -> Stores:
    """Context by context over all nodes, so that what the nodes have in common is parsed only once."""
    contexts = {node: folders_in(os.path.join(base, node, 'events')) for node in nodes}
    stores: Stores = {}
    for context in sorted(set(itertools.chain.from_iterable(contexts.values()))):
        holders = [node for node in nodes if context in contexts[node]]
        listings = {node: list_segments(base, f'{node}/events/{context}', findings) for node in holders}
        for listing in listings.values():
            ignored.extend(listing.others([suffix for kind in KINDS for suffix in (kind.data, kind.index, kind.bloom)]))
        for kind in KINDS:
            parsed: ParsedBlocks = {}
            for node in holders:
                stores[node, context, kind.name] = read_store(listings[node], kind, parsed, options, findings)
            for one, other in itertools.combinations(holders, 2):
                compare_stores(one, stores[one, context, kind.name], other, stores[other, context, kind.name], findings)
    return stores


def read_all_logs(base: str, nodes: list[str], stores: Stores, options: argparse.Namespace, findings: Findings,
                  ignored: list[str]) -> Logs:
    logs: Logs = {}
    groups = {node: folders_in(os.path.join(base, node, 'log')) for node in nodes}
    for group in sorted(set(itertools.chain.from_iterable(groups.values()))):
        members = [node for node in nodes if group in groups[node]]
        for node in members:
            listing = list_segments(base, f'{node}/log/{group}', findings)
            ignored.extend(listing.others(['.log', '.index']))
            logs[node, group] = read_log(listing, AppendCheck(node, group, stores, findings), options, findings)
        for one, other in itertools.combinations(members, 2):
            last = last_index_to_compare(options.state, group, one, other)
            compare_logs(one, logs[one, group], other, logs[other, group], last, stores, findings)
    return logs


@dataclass
class Listing:
    """The files of one folder, by suffix and number."""

    base: str
    path: str
    names: dict[str, dict[int, str]]
    unknown: list[str]

    def files(self, suffix: str) -> dict[int, str]:
        return self.names.get(suffix, {})

    def others(self, suffixes: list[str]) -> list[str]:
        names = [name for suffix, files in self.names.items() if suffix not in suffixes for name in files.values()]
        return sorted(f'{self.path}/{name}' for name in names + self.unknown)

    def absolute(self, name: str) -> str:
        return os.path.join(self.base, self.path, name)


def list_segments(base: str, path: str, findings: Findings) -> Listing:
    listing = Listing(base, path, {}, [])
    for name in sorted(os.listdir(os.path.join(base, path))):
        match = re.fullmatch(r'([0-9]{20})(\.[a-z]+)', name)
        if name.endswith('.temp'):
            continue
        if match is None:
            listing.unknown.append(name)
        elif int(match[1]) >= 1 << 63:
            findings.add(f'{path}/{name}', 'the number in the name does not fit into 63 bits')
        else:
            listing.names.setdefault(match[2], {})[int(match[1])] = name
    return listing


# ---------------------------------------------------------------------------------------------------
# Event stores
# ---------------------------------------------------------------------------------------------------

ParsedBlocks = dict[bytes, tuple]  # digest of an event block → aggregate identifier, or None, of each event


def read_store(listing: Listing, kind: Kind, parsed: ParsedBlocks, options: argparse.Namespace,
               findings: Findings) -> Chain:
    store = Chain(listing.path)
    for number, name in sorted(listing.files(kind.data).items()):
        segment = Segment(f'{listing.path}/{name}', number, 0)
        with mapped(listing.absolute(name), segment.path, findings) as data:
            read_event_segment(data, segment, store, parsed, findings)
        store.add_segment(segment)
        check_companions_of(segment, listing, kind, store, findings)
        segment.aggregates = None  # only the bloom filter needed them
    check_chain(store, findings, spare_bytes=0)
    check_lengths_of_event_segments(store, options.segment_size, findings)
    check_full_segments(store, listing, kind, options.max_full, findings)
    check_orphans(listing, kind, findings)
    return store


def read_event_segment(data: Bytes, segment: Segment, store: Chain, parsed: ParsedBlocks, findings: Findings) -> None:
    if not read_header(data, segment, 2, findings):
        return
    while (size := read_size(data, segment, TRANSACTION_OVERHEAD, findings)) is not None:
        start, token = segment.end, segment.next
        version, count = TRANSACTION_HEAD.unpack_from(data, start + 4)
        block = data[start + 7:start + 7 + size]
        where = f'transaction of token {token} at offset {start}'
        if version != 2:
            findings.add(segment.path, f'{where}: version {version} instead of 2')
        if count < 1:
            segment.aggregates = None
            findings.add(segment.path, f'{where}: {count} events')
            return
        check_crc(data, start + 7 + size, block, segment.path, where, findings)

        digest = digest_of(block)
        aggregates = parsed.get(digest)
        if aggregates is None:
            aggregates = parse_block(block, segment.path, where, token, findings)
            if aggregates is not None:
                parsed[digest] = aggregates
        if aggregates is not None and len(aggregates) != count:
            findings.add(segment.path, f'{where}: holds {len(aggregates)} events but counts {count}')
        if aggregates is None or segment.aggregates is None:
            segment.aggregates = None
        else:
            segment.aggregates.update(aggregates)

        store.add(token, digest)
        segment.items += count if aggregates is None else len(aggregates)
        take_block(segment, TRANSACTION_OVERHEAD + size, append_goes_on=count == MAX_EVENTS_PER_TRANSACTION)


def parse_block(block: bytes, path: str, where: str, token: int, findings: Findings) -> tuple | None:
    """The aggregate identifier of each event, None for one that is not a domain event; None if anything is wrong."""
    aggregates: list[str | None] = []
    clean, position = True, 0
    while position < len(block):
        start = position + 4
        length = INT32.unpack_from(block, position)[0] if start <= len(block) else -1
        position = start + length
        if length < 0 or position > len(block):
            findings.add(path, f'{where}: the length of event {len(aggregates)} does not fit into the transaction')
            return None
        try:
            aggregates.append(aggregate_of(block, start, position))
        except WireError as error:
            findings.add(path, f'{where}: event of token {token + len(aggregates)} is not a protobuf Event: {error}')
            aggregates.append(None)
            clean = False
    return tuple(aggregates) if clean else None


def check_lengths_of_event_segments(store: Chain, expected: int | None, findings: Findings) -> None:
    """A segment has the configured length, or is larger because its only append needs a larger one."""
    if expected is None:
        return
    for segment in store.segments:
        single = segment.first_append == segment.end - HEADER_BYTES
        oversized = single and segment.length > expected and segment.length == segment.first_append + 9
        if segment.length != expected and not oversized:
            reason = '' if segment.length < expected else ', and it is not made for a single oversized transaction'
            findings.add(segment.path, f'is {segment.length} bytes long instead of {expected}{reason}')


def check_companions_of(segment: Segment, listing: Listing, kind: Kind, store: Chain, findings: Findings) -> None:
    """Index and bloom filter go together; the filter must be the very bytes that the events lead to."""
    has_index = segment.number in listing.files(kind.index)
    bloom = listing.files(kind.bloom).get(segment.number)
    if has_index and bloom:
        store.closed.append(segment.number)
    elif has_index or bloom:
        missing, present = (kind.bloom, kind.index) if has_index else (kind.index, kind.bloom)
        findings.add(segment.path, f'has a {present} file but no {missing} file')
    if bloom and segment.aggregates is not None and segment.marker is not None:
        path = f'{listing.path}/{bloom}'
        with mapped(listing.absolute(bloom), path, findings) as data:
            check_bloom(data[:], path, segment.aggregates, findings)


def check_full_segments(store: Chain, listing: Listing, kind: Kind, max_full: int, findings: Findings) -> None:
    """Segments close in ascending order soon after the next one began, and the open one never does."""
    indexed = listing.files(kind.index).keys() | listing.files(kind.bloom).keys()
    if store.segments and store.segments[-1].number in indexed:
        findings.add(store.newest_path, 'is the open segment but has an index or bloom file')
    newest_closed = max(store.closed, default=-1)
    oldest_allowed = len(store.segments) - 1 - max_full
    for position, segment in enumerate(store.segments[:-1]):
        if segment.number in indexed:
            continue
        if segment.number < newest_closed:
            findings.add(segment.path, f'has no index and bloom files, but the later segment {newest_closed} has')
        elif position < oldest_allowed:
            findings.add(segment.path, f'has no index and bloom files, and more than {max_full} segments follow it')


def check_orphans(listing: Listing, kind: Kind, findings: Findings) -> None:
    for suffix in (kind.index, kind.bloom):
        for number, name in listing.files(suffix).items():
            if number not in listing.files(kind.data):
                findings.add(f'{listing.path}/{name}', f'there is no {kind.data} file to it')


def compare_stores(one: str, a: Chain, other: str, b: Chain, findings: Findings) -> None:
    if not a.segments or not b.segments:
        return
    for token, i, j in differences(a, b, max(a.first, b.first), min(a.next, b.next)):
        if i is not None and j is not None:
            findings.add(b.path_of(token), f'transaction of token {token} differs from that of {one}')
        elif i is not None:
            findings.add(b.path_of(token), f'no transaction begins at token {token}, but one does on {one}')
        else:
            findings.add(b.path_of(token), f'a transaction begins at token {token}, but none does on {one}')


# ---------------------------------------------------------------------------------------------------
# Replication logs
# ---------------------------------------------------------------------------------------------------

SERIALIZED, CONFIG, LEADER, DUMMY = 3, 4, 5, 6


def read_log(listing: Listing, check: AppendCheck, options: argparse.Namespace, findings: Findings) -> Log:
    log = Log(listing.path)
    for number, name in sorted(listing.files('.log').items()):
        segment = Segment(f'{listing.path}/{name}', number, 0)
        with mapped(listing.absolute(name), segment.path, findings) as data:
            read_log_segment(data, segment, log, check, findings)
        log.add_segment(segment)
        if options.log_segment_size not in (None, segment.length):
            findings.add(segment.path, f'is {segment.length} bytes long instead of {options.log_segment_size}')
    check_chain(log, findings, spare_bytes=1)
    return log


def read_log_segment(data: Bytes, segment: Segment, log: Log, check: AppendCheck, findings: Findings) -> None:
    if not read_header(data, segment, 0, findings):
        return
    while (size := read_size(data, segment, ENTRY_OVERHEAD, findings)) is not None:
        start, index = segment.end, segment.next
        version, term, entry_type = ENTRY_HEAD.unpack_from(data, start + 4)
        content = data[start + 17:start + 17 + size]
        where = f'entry {index} at offset {start}'
        if version != 0:
            findings.add(segment.path, f'{where}: version {version} instead of 0')
        if log.terms and term < log.terms[-1]:
            findings.add(segment.path, f'{where}: term {term} after term {log.terms[-1]}')
        if start + ENTRY_OVERHEAD + size + MARKER_BYTES >= segment.length:
            findings.add(segment.path, f'{where}: too near to the end of the file, it belongs into a new one')
        check_crc(data, start + 17 + size, content, segment.path, where, findings)

        try:
            append = parse_entry(entry_type, content)
        except WireError as error:
            append = None
            findings.add(segment.path, f'{where}: {error}')
        if append is not None:
            log.appends[append.kind.name] += 1
            log.appends_compared += check.run(append, segment.path, where)

        if log.add(index, digest_of(ENTRY_HEAD.pack(0, term, entry_type), content)):
            log.terms.append(term)
            log.types.append(entry_type & 0xFF)
            log.contexts.append(None if append is None else sys.intern(append.context or check.group))
        log.counts[entry_type] = log.counts.get(entry_type, 0) + 1
        segment.items += 1
        take_block(segment, ENTRY_OVERHEAD + size, append_goes_on=False)


@dataclass
class Append:
    """A log entry that appends one transaction to an event store."""

    kind: Kind
    token: int
    context: str  # empty: the context is named like the replication group
    events: list[bytes]


def parse_entry(entry_type: int, content: bytes) -> Append | None:
    if entry_type == SERIALIZED:
        fields = dict_of(parse_message(LOG_SERIALIZED_OBJECT, content))
        kind = KIND_OF_APPEND.get(last_bytes(content, fields, 0x0A))
        return None if kind is None else parse_append(kind, last_bytes(content, fields, 0x12))
    if entry_type == CONFIG:
        parse_config(content)
    elif entry_type == LEADER:
        parse_message(LEADER_ELECTED, content)
    elif entry_type == DUMMY:
        if content != b'X':
            raise WireError(f'a dummy of {len(content)} bytes instead of the byte X')
    else:
        raise WireError(f'unknown type {entry_type}')
    return None


def parse_config(content: bytes) -> None:
    for _, start, end in parse_message(CONFIGURATION, content):
        for tag, value_start, _ in parse_message(CONFIGURATION_NODE, content, start, end):
            if tag == 0x28 and (role := varint(content, value_start)[0]) not in ROLES:
                raise WireError(f'configuration with the unknown role {role}')


def parse_append(kind: Kind, content: bytes) -> Append:
    fields = dict_of(parse_message(TRANSACTION_WITH_TOKEN, content))
    token = varint(content, fields[0x08][-1][0])[0] if 0x08 in fields else 0
    events = [content[start:end] for start, end in fields.get(0x1A, [])]
    context = last_bytes(content, fields, 0x22).decode()
    return Append(kind, token - (1 << 64) if token >> 63 else token, context, events)


class AppendCheck:
    """Compares the appends in the log of one node with what its event stores hold."""

    def __init__(self, node: str, group: str, stores: Stores, findings: Findings) -> None:
        self.node, self.group, self.stores, self.findings = node, group, stores, findings

    def run(self, append: Append, path: str, where: str) -> bool:
        """False if the node does not hold what the entry appends: not stored here, not applied yet, or removed."""
        store = self.stores.get((self.node, append.context or self.group, append.kind.name))
        if append.token < 0:
            self.findings.add(path, f'{where}: negative token {append.token}')
        is_held = store is not None and bool(store.segments) and store.first <= append.token < store.next
        if not is_held or not all([self._is_stored(store, *block, path, where) for block in blocks_of(append)]):
            self._parse_events(append, path, where)  # the store does not vouch for them
        return is_held

    def _is_stored(self, store: Chain, token: int, block: bytes, path: str, where: str) -> bool:
        position = store.position(token)
        if position is not None and store.digest(position) == digest_of(block):
            return True
        if not store.has_gap_at(token):
            what = 'holds no transaction that begins there' if position is None else 'holds other bytes'
            self.findings.add(path, f'{where}: appends token {token}, but {store.path_of(token)} {what}')
        return False

    def _parse_events(self, append: Append, path: str, where: str) -> None:
        for number, event in enumerate(append.events):
            try:
                parse_message(EVENT_MESSAGE, event)
            except WireError as error:
                self.findings.add(path, f'{where}: event {number} is not a protobuf Event: {error}')


def blocks_of(append: Append) -> Iterator[tuple[int, bytes]]:
    """The event blocks that the append leads to in a segment, each with its token."""
    for first in range(0, len(append.events), MAX_EVENTS_PER_TRANSACTION):
        events = append.events[first:first + MAX_EVENTS_PER_TRANSACTION]
        yield append.token + first, b''.join(INT32.pack(len(event)) + event for event in events)


def last_index_to_compare(state: dict[str, dict] | None, group: str, one: str, other: str) -> int | None:
    """Behind the commit index, a node may hold entries that a later leader never heard of."""
    if state is None:
        return None
    commits = [member(member(state.get(node), 'groups'), group).get('commitIndex') for node in (one, other)]
    return min(commit or 0 for commit in commits)


def compare_logs(one: str, a: Log, other: str, b: Log, last: int | None, stores: Stores, findings: Findings) -> None:
    if not a.segments or not b.segments:
        return
    end = min(a.next, b.next) if last is None else min(a.next, b.next, last + 1)
    for index, i, j in differences(a, b, max(a.first, b.first), end):
        if i is None or j is None:
            findings.add(b.path_of(index), f'entry {index} is missing here or on {one}')
        elif not (stands_in(other, b, j, a, i, stores) or stands_in(one, a, i, b, j, stores)):
            mine, theirs = (f'term {log.terms[k]}, type {log.types[k]}' for log, k in ((b, j), (a, i)))
            findings.add(b.path_of(index), f'entry {index} ({mine}) differs from that of {one} ({theirs})')


def stands_in(node: str, log: Log, position: int, original: Log, at: int, stores: Stores) -> bool:
    """Members that store no events receive dummies instead of the appends."""
    context = original.contexts[at]
    return (log.types[position] == DUMMY and context is not None and log.terms[position] == original.terms[at]
            and not any((node, context, kind.name) in stores for kind in KINDS))


# ---------------------------------------------------------------------------------------------------
# Segments of both kinds
# ---------------------------------------------------------------------------------------------------

Bytes = Union[bytes, mmap.mmap]
ZEROS = bytes(1 << 20)


@contextlib.contextmanager
def mapped(absolute: str, path: str, findings: Findings) -> Iterator[Bytes]:
    """The content of a file without reading all of it at once; empty, with a finding, if that fails."""
    data: Bytes = b''
    try:
        with open(absolute, 'rb') as file:
            if os.fstat(file.fileno()).st_size > 0:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        findings.add(path, f'cannot be read: {error.strerror}')
    try:
        yield data
    finally:
        if data:
            data.close()


def read_header(data: Bytes, segment: Segment, expected_version: int, findings: Findings) -> bool:
    segment.length = len(data)
    if segment.length < HEADER_BYTES:
        segment.aggregates = None
        findings.add(segment.path, f'is {segment.length} bytes long, too short for a header')
        return False
    version, flags = HEADER.unpack_from(data)
    if (version, flags) != (expected_version, 0):
        expected = f'{expected_version} and 0'
        findings.add(segment.path, f'header has version {version} and flags {flags} instead of {expected}')
    return True


def read_size(data: Bytes, segment: Segment, overhead: int, findings: Findings) -> int | None:
    """The size of the block at `segment.end`; None at the end marker, or if it cannot be one."""
    start, length = segment.end, segment.length
    size = INT32.unpack_from(data, start)[0] if start + MARKER_BYTES <= length else None
    if size in (CLOSED, OPEN):
        segment.marker = size
        segment.stray = first_nonzero(data, start + MARKER_BYTES)
        return None
    if size is not None and size > 0 and start + overhead + size + MARKER_BYTES <= length:
        return size
    segment.aggregates = None
    what = 'there is no room' if size is None else f'size {size} does not leave room'
    findings.add(segment.path, f'offset {start}: {what} for an end marker; the rest is not read')
    return None


def take_block(segment: Segment, length: int, append_goes_on: bool) -> None:
    """Moves behind a block, and notes how much of the file the first append takes."""
    if segment.append_goes_on:
        segment.first_append += length
        segment.append_goes_on = append_goes_on
    segment.blocks += 1
    segment.end += length


def check_crc(data: Bytes, offset: int, content: bytes, path: str, where: str, findings: Findings) -> None:
    stored, computed = UINT32.unpack_from(data, offset)[0], zlib.crc32(content)
    if stored != computed:
        findings.add(path, f'{where}: CRC {stored:08x} instead of {computed:08x}')


def first_nonzero(data: Bytes, position: int) -> int | None:
    while position < len(data):
        chunk = data[position:position + len(ZEROS)]
        if chunk != ZEROS[:len(chunk)]:
            return position + len(chunk) - len(chunk.lstrip(b'\0'))
        position += len(chunk)
    return None


def check_chain(chain: Chain, findings: Findings, spare_bytes: int) -> None:
    """Ends and numbers of all files of a chain; `spare_bytes` must stay free behind the end marker."""
    for segment, following in itertools.zip_longest(chain.segments, chain.segments[1:]):
        check_end(segment, following is None, chain, findings)
        if following is not None:
            check_succession(segment, following, chain, findings)
            if rolled_early(segment, following, spare_bytes):
                chain.early_rolls += 1


def rolled_early(segment: Segment, following: Segment, spare_bytes: int) -> bool:
    """Whether the first append of the next segment, or any at all if it has none, would have fitted into this one."""
    if segment.marker is None or following.marker is None and following.blocks == 0:
        return False
    if following.blocks == 0 and following.stray is not None:
        return False  # the first append was never finished, its length is unknown
    return segment.end + following.first_append + MARKER_BYTES + spare_bytes <= segment.length


def check_end(segment: Segment, is_newest: bool, chain: Chain, findings: Findings) -> None:
    if segment.marker is None:
        return
    if is_newest and segment.marker == CLOSED:
        findings.add(segment.path, f'offset {segment.end}: end marker -1, but no later segment exists')
    if not is_newest and segment.marker == OPEN:
        findings.add(segment.path, f'offset {segment.end}: size 0 instead of end marker -1, but a later segment exists')
    if segment.stray is None:
        return
    if segment.marker == OPEN and is_newest:
        chain.torn_tails += 1
    else:
        findings.add(segment.path, f'offset {segment.stray}: not zero, but behind the end marker at {segment.end}')


def check_succession(segment: Segment, following: Segment, chain: Chain, findings: Findings) -> None:
    if segment.next != following.number:
        if segment.marker is not None:
            findings.add(following.path, f'number {following.number} does not follow {segment.path}, which ends before '
                                         f'{segment.next}')
        chain.gaps.append((segment.next, following.number))


def differences(a: Chain, b: Chain, first: int, end: int) -> Iterator[tuple[int, int | None, int | None]]:
    """The keys in first..end-1 whose blocks differ, with their positions in both chains (None: not there)."""
    i, i_end = bisect_left(a.keys, first), bisect_left(a.keys, end)
    j, j_end = bisect_left(b.keys, first), bisect_left(b.keys, end)
    if (a.keys[i:i_end] == b.keys[j:j_end]
            and a.digests[i * DIGEST_BYTES:i_end * DIGEST_BYTES] == b.digests[j * DIGEST_BYTES:j_end * DIGEST_BYTES]):
        return
    while i < i_end or j < j_end:
        key = min(chain.keys[k] for chain, k, stop in ((a, i, i_end), (b, j, j_end)) if k < stop)
        in_a = i if i < i_end and a.keys[i] == key else None
        in_b = j if j < j_end and b.keys[j] == key else None
        i, j = i + (in_a is not None), j + (in_b is not None)
        same = in_a is not None and in_b is not None and a.digest(in_a) == b.digest(in_b)
        if not same and not a.has_gap_at(key) and not b.has_gap_at(key):
            yield key, in_a, in_b


def digest_of(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        digest.update(part)
    return digest.digest()


# ---------------------------------------------------------------------------------------------------
# Protobuf
# ---------------------------------------------------------------------------------------------------

VARINT, FIXED64, TEXT, BYTES = 'varint', 'fixed64', 'text', 'bytes'

# A message: tag byte (field number * 8 + wire type) → type of the field, or the message in it.
SERIALIZED_OBJECT = {0x0A: TEXT, 0x12: TEXT, 0x1A: BYTES}  # type, revision, data
META_DATA_VALUE = {0x0A: TEXT, 0x10: VARINT, 0x18: VARINT, 0x21: FIXED64, 0x2A: SERIALIZED_OBJECT}
META_DATA_ENTRY = {0x0A: TEXT, 0x12: META_DATA_VALUE}  # key, value
EVENT_MESSAGE = {
    0x0A: TEXT,  # message_identifier
    0x12: TEXT,  # aggregate_identifier
    0x18: VARINT,  # aggregate_sequence_number
    0x22: TEXT,  # aggregate_type
    0x28: VARINT,  # timestamp
    0x32: SERIALIZED_OBJECT,  # payload
    0x3A: META_DATA_ENTRY,  # meta_data
    0x40: VARINT,  # snapshot
}
LOG_SERIALIZED_OBJECT = {0x0A: TEXT, 0x12: BYTES}  # type, data
TRANSACTION_WITH_TOKEN = {0x08: VARINT, 0x10: VARINT, 0x1A: BYTES, 0x22: TEXT}  # token, version, events, context
CONFIGURATION_NODE = {0x0A: TEXT, 0x12: TEXT, 0x18: VARINT, 0x22: TEXT, 0x28: VARINT}  # id, host, port, name, role
CONFIGURATION = {0x0A: CONFIGURATION_NODE}
LEADER_ELECTED = {0x0A: TEXT}
ROLES = {0, 2, 3, 4, 5}  # primary, active backup, passive backup, messaging only, secondary

Field = tuple[int, int, int]  # tag, start and end of the value


class WireError(Exception):
    """The bytes are not the message that they should be."""


def aggregate_of(buffer: bytes, start: int, end: int) -> str | None:
    """The aggregate identifier of a domain event, None for another event."""
    aggregate, is_domain_event = (start, start), False
    for tag, value_start, value_end in parse_message(EVENT_MESSAGE, buffer, start, end):
        if tag == 0x12:
            aggregate = (value_start, value_end)
        elif tag == 0x22:
            is_domain_event = value_end > value_start
    return sys.intern(buffer[slice(*aggregate)].decode()) if is_domain_event else None


def parse_message(message: dict, buffer: bytes, start: int = 0, end: int | None = None) -> list[Field]:
    """The fields of a message, after a look at everything in it."""
    fields: list[Field] = []
    try:
        walk(message, buffer, start, len(buffer) if end is None else end, fields)
    except IndexError:
        raise WireError('it ends inside a field') from None
    except UnicodeDecodeError:
        raise WireError('a text in it is not UTF-8') from None
    return fields


def walk(message: dict, buffer: bytes, position: int, end: int, fields: list[Field] | None = None) -> None:
    """The hot loop: one turn per field. Short tags and lengths, nearly all there are, take the direct way."""
    while position < end:
        tag = buffer[position]
        position += 1
        if tag > 0x7F:
            tag, position = varint(buffer, position - 1)
        what = message.get(tag)
        start = position
        if what is None:
            raise WireError(f'unknown field {tag >> 3} of wire type {tag & 7}')
        if what is VARINT:
            while buffer[position] > 0x7F:
                position += 1
            position += 1
            if position - start > 10:
                raise WireError(f'the number in field {tag >> 3} is too long')
        elif what is FIXED64:
            position += 8
        else:
            length = buffer[position]
            start = position + 1
            if length > 0x7F:
                length, start = varint(buffer, position)
            position = start + length
            if position > end:
                break
            if what is TEXT:
                buffer[start:position].decode()
            elif what is not BYTES:
                walk(what, buffer, start, position)
        if fields is not None:
            fields.append((tag, start, position))
    if position != end:
        raise WireError('a field goes on behind its end')


def varint(buffer: bytes, position: int) -> tuple[int, int]:
    """An unsigned number of up to 64 bits, and the position behind it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = buffer[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (1 << 64) - 1, position
    raise WireError('a number is longer than 10 bytes')


def dict_of(fields: list[Field]) -> dict[int, list[tuple[int, int]]]:
    values: dict[int, list[tuple[int, int]]] = {}
    for tag, start, end in fields:
        values.setdefault(tag, []).append((start, end))
    return values


def last_bytes(buffer: bytes, fields: dict[int, list[tuple[int, int]]], tag: int) -> bytes:
    """Of a field that occurs twice, the last one counts."""
    return buffer[slice(*fields[tag][-1])] if tag in fields else b''


# ---------------------------------------------------------------------------------------------------
# Bloom filter
# ---------------------------------------------------------------------------------------------------

FALSE_POSITIVES = struct.unpack('>f', struct.pack('>f', 0.03))[0]  # a float that became a double
MASK64 = (1 << 64) - 1


def check_bloom(actual: bytes, path: str, aggregates: set[str | None], findings: Findings) -> None:
    keys = aggregates - {None}
    expected = bloom_filter(keys)
    if len(actual) != len(expected):
        findings.add(path, f'is {len(actual)} bytes long instead of {len(expected)} for {len(keys)} aggregates')
    elif actual != expected:
        offset = next(offset for offset in range(len(actual)) if actual[offset] != expected[offset])
        findings.add(path, f'offset {offset}: {actual[offset]:02x} instead of {expected[offset]:02x}, from {len(keys)} '
                           f'aggregates')


def bloom_filter(keys: set[str]) -> bytes:
    count = max(1, len(keys))
    wanted_bits = math.floor(-count * math.log(FALSE_POSITIVES) / (math.log(2) * math.log(2)))
    hashes = max(1, math.floor(wanted_bits / count * math.log(2) + 0.5))
    words = -(-wanted_bits // 64)
    bits = 64 * words
    content = bytearray(8 * words)  # little-endian words: then bit b stands in byte b / 8
    for key in keys:
        combined, step = murmur3(key.encode())
        for _ in range(hashes):
            bit = (combined & MASK64 >> 1) % bits
            content[bit >> 3] |= 1 << (bit & 7)
            combined = combined + step & MASK64
    longs = struct.unpack(f'<{words}Q', content)
    return struct.pack(f'>BBi{words}Q', 1, hashes, words, *longs)


@functools.lru_cache(maxsize=1 << 20)
def murmur3(key: bytes) -> tuple[int, int]:
    """MurmurHash3 x64 128 with seed 0."""
    h1 = h2 = 0
    whole = len(key) & ~15
    for k1, k2 in struct.iter_unpack('<QQ', key[:whole]):
        h1 ^= murmur_k1(k1)
        h1 = (rotate(h1, 27) + h2) * 5 + 0x52DCE729 & MASK64
        h2 ^= murmur_k2(k2)
        h2 = (rotate(h2, 31) + h1) * 5 + 0x38495AB5 & MASK64
    k1, k2 = struct.unpack('<QQ', key[whole:].ljust(16, b'\0'))
    h1 ^= murmur_k1(k1) ^ len(key)
    h2 ^= murmur_k2(k2) ^ len(key)
    h1 = h1 + h2 & MASK64
    h2 = h2 + h1 & MASK64
    h1, h2 = murmur_finish(h1), murmur_finish(h2)
    h1 = h1 + h2 & MASK64
    return h1, h2 + h1 & MASK64


def murmur_k1(k: int) -> int:
    return rotate(k * 0x87C37B91114253D5 & MASK64, 31) * 0x4CF5AD432745937F & MASK64


def murmur_k2(k: int) -> int:
    return rotate(k * 0x4CF5AD432745937F & MASK64, 33) * 0x87C37B91114253D5 & MASK64


def murmur_finish(k: int) -> int:
    k = (k ^ k >> 33) * 0xFF51AFD7ED558CCD & MASK64
    k = (k ^ k >> 33) * 0xC4CEB9FE1A85EC53 & MASK64
    return k ^ k >> 33


def rotate(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & MASK64


# ---------------------------------------------------------------------------------------------------
# Comparison with what the simulator says
# ---------------------------------------------------------------------------------------------------


def check_state(state: dict[str, dict], stores: Stores, logs: Logs, findings: Findings) -> None:
    """The files may be a little younger than the state, but never older."""
    for node, node_state in state.items():
        for context, kinds in member(node_state, 'contexts').items():
            for kind in KINDS:
                claim = member(kinds, kind.name)
                store = stores.get((node, context, kind.name)) or Chain(f'{node}/events/{context}')
                if claim:
                    check_state_of_store(claim, store, kind, findings)
        for group, claim in member(node_state, 'groups').items():
            check_state_of_log(claim, logs.get((node, group)) or Log(f'{node}/log/{group}'), findings)


def check_state_of_store(claim: dict, store: Chain, kind: Kind, findings: Findings) -> None:
    def differs(what: str, claimed: object, actual: object) -> None:
        findings.add(store.newest_path, f'{kind.name}: the state says that {what} is {claimed}, the files say {actual}')

    if claim.get('nextToken') != store.next:
        differs('nextToken', claim.get('nextToken'), store.next)
    newest = store.segments[-1].number if store.segments else None
    if newest is not None and claim.get('openSegment', newest) != newest:
        differs('openSegment', claim['openSegment'], newest)

    closed = member(claim, 'closedSegments')
    if (closed.get('count') or 0) > len(store.closed):
        differs('closedSegments.count', closed['count'], len(store.closed))
    for edge in ('first', 'last'):
        if closed.get(edge) is not None and closed[edge] not in store.closed:
            differs(f'closedSegments.{edge}', closed[edge], 'that this segment has not both index and bloom')


def check_state_of_log(claim: dict, log: Log, findings: Findings) -> None:
    def add(text: str) -> None:
        findings.add(log.newest_path, text)

    commit, applied, first = (claim.get(name) or 0 for name in ('commitIndex', 'appliedIndex', 'firstIndex'))
    if applied > commit:
        add(f'the state says that appliedIndex is {applied}, beyond commitIndex {commit}')
    if commit > last_index(log):
        add(f'the state says that commitIndex is {commit}, but the last entry in the files is {last_index(log)}')
    if len(log.keys) > 0 and first != log.first:
        add(f'the state says that firstIndex is {first}, the files say {log.first}')


def member(value: object, name: str) -> dict:
    """An object inside an object; an empty one if it is not there."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


# ---------------------------------------------------------------------------------------------------
# Report
# ---------------------------------------------------------------------------------------------------


def describe_node(node: str, stores: Stores, logs: Logs) -> dict:
    events: dict[str, dict] = {}
    for (holder, context, kind), store in stores.items():
        if holder == node:
            events.setdefault(context, {})[kind] = describe_store(store)
    return {
        'events': events,
        'log': {group: describe_log(log) for (holder, group), log in logs.items() if holder == node},
    }


def describe_store(store: Chain) -> dict:
    return {
        'segments': len(store.segments),
        'closed': len(store.closed),
        'firstToken': store.first,
        'nextToken': store.next,
        'transactions': sum(segment.blocks for segment in store.segments),
        'events': sum(segment.items for segment in store.segments),
        'earlyRolls': store.early_rolls,
        'tornTails': store.torn_tails,
    }


def describe_log(log: Log) -> dict:
    return {
        'segments': len(log.segments),
        'firstIndex': log.first,
        'lastIndex': last_index(log),
        'entriesByType': {str(entry_type): count for entry_type, count in log.counts.items()},
        'appends': log.appends,
        'appendsCompared': log.appends_compared,
        'earlyRolls': log.early_rolls,
        'tornTails': log.torn_tails,
    }


def last_index(log: Log) -> int:
    """Of an empty log, the index before its first one; 0 without any file."""
    return max(log.next - 1, 0)


# ---------------------------------------------------------------------------------------------------
# Single files
# ---------------------------------------------------------------------------------------------------


def describe_single_file(path: str, all_paths: list[str], findings: Findings) -> dict:
    if path.endswith('.log'):
        return describe_single_log_segment(path, findings)
    for kind in KINDS:
        if path.endswith(kind.data):
            return describe_single_event_segment(path, findings)
        if path.endswith(kind.bloom):
            data_path = path[:-len(kind.bloom)] + kind.data
            return describe_single_bloom(path, data_path if data_path in all_paths else None, findings)
    raise AssertionError(path)  # the arguments have been checked


def describe_single_event_segment(path: str, findings: Findings) -> dict:
    segment, store = Segment(path, number_of(path), 0), Chain(path)
    with mapped(path, path, findings) as data:
        read_event_segment(data, segment, store, {}, findings)
    aggregates = None if segment.aggregates is None else len(segment.aggregates - {None})
    return describe_single_segment(segment, findings) | {
        'transactions': segment.blocks, 'events': segment.items, 'nextToken': segment.next, 'aggregates': aggregates,
    }


def describe_single_log_segment(path: str, findings: Findings) -> dict:
    segment, log = Segment(path, number_of(path), 0), Log(path)
    with mapped(path, path, findings) as data:
        read_log_segment(data, segment, log, AppendCheck('', '', {}, findings), findings)
    return describe_single_segment(segment, findings) | {
        'lastIndex': segment.next - 1, 'entriesByType': {str(key): count for key, count in log.counts.items()},
        'appends': log.appends, 'terms': sorted(set(log.terms)),
    }


def describe_single_segment(segment: Segment, findings: Findings) -> dict:
    """A single file may be a closed or an open one; the rest of a closed one must be zeros."""
    check_end(segment, segment.marker == OPEN, Chain(segment.path), findings)
    ends = {CLOSED: 'closed', OPEN: 'open', None: 'broken'}
    return {'length': segment.length, 'number': segment.number, 'ends': ends[segment.marker], 'endOffset': segment.end,
            'torn': segment.marker == OPEN and segment.stray is not None}


def describe_single_bloom(path: str, data_path: str | None, findings: Findings) -> dict:
    """Compared with the events of the same number, if these are among the files."""
    with mapped(path, path, findings) as data:
        content = data[:]
    if len(content) < 6:
        findings.add(path, f'is {len(content)} bytes long, too short for a bloom filter')
        return {'length': len(content)}
    strategy, hashes, words = struct.unpack_from('>BBi', content)
    if strategy != 1 or len(content) != 6 + 8 * words:
        findings.add(path, f'strategy {strategy} and {words} words in {len(content)} bytes')
    description = {'length': len(content), 'hashes': hashes, 'words': words}
    if data_path is None:
        return description

    segment = Segment(data_path, number_of(data_path), 0)
    with mapped(data_path, data_path, Findings()) as data:
        read_event_segment(data, segment, Chain(data_path), {}, Findings())
    if segment.aggregates is None:
        return description
    check_bloom(content, path, segment.aggregates, findings)
    return description | {'matchesSegment': content == bloom_filter(segment.aggregates - {None})}


def number_of(path: str) -> int:
    stem = os.path.basename(path).split('.')[0]
    return int(stem) if stem.isdigit() else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
