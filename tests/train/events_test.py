#!/usr/bin/env python3
"""Reads an event file of SummaryWriter with other people's means: frames and checksums by the text of the format, the
records with protoc. events_test.py HEARTH_TEST_TRAIN. Exit code 77: no protoc (the test is skipped)."""
import os, pathlib, shutil, struct, subprocess, sys, tempfile

PROTO = """syntax = "proto3";
message Value { string tag = 1; float simple_value = 2; Image image = 4; Histogram histo = 5; Tensor tensor = 8; Meta metadata = 9; }
message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
message Histogram { double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
  repeated double bucket_limit = 6; repeated double bucket = 7; }
message Dim { int64 size = 1; }
message Shape { repeated Dim dim = 2; }
message Tensor { int32 dtype = 1; Shape tensor_shape = 2; repeated bytes string_val = 8; }
message Plugin { string plugin_name = 1; bytes content = 2; }
message Meta { Plugin plugin_data = 1; }
message Summary { repeated Value value = 1; }
message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
"""


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert masked(data[at:at + 8]) == check, f"the length's checksum at byte {at}"
        body = data[at + 12:at + 12 + length]
        assert len(body) == length and struct.unpack_from("<I", data, at + 12 + length)[0] == masked(body), f"the record at byte {at}"
        yield body
        at += 16 + length


def main():
    if not shutil.which("protoc"):
        print("skipped: protoc is not installed (Debian package protobuf-compiler)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "event.proto").write_text(PROTO)
        path = folder / "events"
        subprocess.run([sys.argv[1], "--gtest_brief=1", "--gtest_filter=SummaryWriterTest.WritesEveryKindOfRecord"], check=True,
                       env={**os.environ, "HEARTH_KEEP_EVENTS": str(path)})
        events = [subprocess.run(["protoc", f"-I{folder}", "--decode=Event", "event.proto"], input=body, check=True,
                                 capture_output=True).stdout.decode() for body in records(path.read_bytes())]
    text = "\n".join(events)
    assert 'file_version: "brain.Event:2"' in events[0]
    assert any("step: 7" in e and 'tag: "loss"' in e and "simple_value: 0.5" in e for e in events), text
    histogram = next(e for e in events if 'tag: "weights"' in e)
    for fact in ("min: -1", "max: 2", "num: 4", "sum: 1.5", "sum_squares: 5.25"):
        assert fact in histogram, histogram
    limits, buckets = histogram.count("bucket_limit:"), histogram.count("bucket:")
    assert limits == buckets > 3, (limits, buckets)
    assert sum(float(l.split()[1]) for l in histogram.splitlines() if l.strip().startswith("bucket:")) == 4
    grey = next(e for e in events if 'tag: "grey"' in e)
    assert "height: 5" in grey and "width: 4" in grey and "colorspace: 1" in grey and "PNG" in grey
    sheet = next(e for e in events if 'tag: "colour"' in e)
    assert "height: 8" in sheet and "width: 32" in sheet and "colorspace: 3" in sheet, sheet[:200]
    notes = next(e for e in events if "notes/text_summary" in e)
    assert 'plugin_name: "text"' in notes and '**bold**' in notes
    assert sum("_hparams_/" in e and 'plugin_name: "hparams"' in e for e in events) == 3
    # unknown fields come out as bare numbers
    assert not any(line.strip()[:1].isdigit() for e in events for line in e.splitlines()), text
    print(f"{len(events)} records: frames, checksums and fields are right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
