#!/usr/bin/python3
"""Files that PyTorch, LibTorch and NumPy write, for hearth to read, and the other way round.

peer_files.py write DIR      writes python_*.pt, libtorch_*.pt and *.npy, *.npz; tests/io/files/ holds a copy of them
peer_files.py check PROGRAM  writes them anew for PROGRAM (hearth_test_io) to read, and reads what it writes
"""
import argparse, collections, os, pathlib, pickle, subprocess, sys, tempfile, zipfile

import numpy, torch

LIBTORCH_PROGRAM = pathlib.Path(__file__).with_suffix(".cpp")
DTYPES = "uint8 int8 int16 int32 int64 float16 float32 float64 bool bfloat16".split()
NUMPY_DTYPES = "uint8 int8 int16 uint16 int32 int64 float16 float32 float64 bool".split()


def tensors(dtype):
    """What the tests of hearth expect of every dtype."""
    count = torch.arange(24) % 2 if dtype == torch.bool else torch.arange(24)
    line = count.to(dtype)
    return collections.OrderedDict(scalar=line[1].clone(), empty=torch.ones(0, 3, dtype=dtype),
                                   deep=line.view(1, 2, 3, 2, 2), turned=line.view(4, 6).t(), some=line[3:11:2])


def network():
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    with torch.no_grad():
        for number, p in enumerate(net.parameters()):
            p.copy_(torch.arange(p.numel()).view(p.shape) + 10 * number)
    return net


def stepped(net, make):
    optimizer = make(net.parameters())
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer.step()
    optimizer.step()
    return optimizer


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({d: tensors(getattr(torch, d)) for d in DTYPES}, folder / "python_dtypes.pt")
    net = network()
    torch.save(net.state_dict(), folder / "python_module.pt")
    torch.save(net, folder / "python_whole_module.pt")
    weight = torch.arange(6.).view(2, 3)
    torch.save({"a": weight, "b": weight, "row": weight[1], "p": torch.nn.Parameter(weight.clone())}, folder / "python_tied.pt")
    adam = stepped(net, lambda p: torch.optim.Adam(p, lr=0.125, betas=(0.5, 0.75)))
    torch.save({"epoch": 3, "loss": 0.5, "name": "café", "done": False, "none": None, "large": 2**40, "negative": -5,
                "list": [1, 2.5, "x"], "tuple": (1, (2, 3)), "size": torch.Size([4, 5]), "dtype": torch.float32,
                "device": torch.device("cpu"), "set": {7}, "optimizer": adam.state_dict()}, folder / "python_checkpoint.pt")
    torch.save(adam.state_dict(), folder / "python_adam.pt")
    torch.save(weight, folder / "python_legacy.pt", _use_new_zipfile_serialization=False)
    arrays = {d: numpy.arange(6).reshape(2, 3).astype(d) for d in NUMPY_DTYPES}
    numpy.savez(folder / "arrays.npz", **arrays)
    numpy.savez_compressed(folder / "compressed.npz", **arrays, scalar=numpy.float64(7), none=numpy.zeros((0, 2)))
    numpy.save(folder / "fortran.npy", numpy.asfortranarray(numpy.arange(24.).reshape(2, 3, 4)))
    numpy.save(folder / "big_endian.npy", numpy.arange(5).astype(">i4"))
    numpy.save(folder / "objects.npy", numpy.array([{}], dtype=object), allow_pickle=True)
    with tempfile.TemporaryDirectory() as build:
        subprocess.run(["g++", "-std=c++17", "-O0", "-w", "-I/usr/include/torch/csrc/api/include", str(LIBTORCH_PROGRAM),
                        "-o", f"{build}/libtorch", "-ltorch", "-ltorch_cpu", "-lc10"], check=True)
        subprocess.run([f"{build}/libtorch", str(folder)], check=True)


def load(path):
    """torch.load, and that the archive is a sound zip file."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None, path
    whole = torch.load(path)
    try:
        torch.load(path, weights_only=True)
    except pickle.UnpicklingError as e:
        if "operand 71" not in str(e):  # floats outside tensors: PyTorch 1.13 refuses its own, later ones take them
            raise
    return whole


def equal(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())


def read(folder):
    """Raises where a file of hearth's is not what it should be."""
    for dtype, items in load(folder / "dtypes.pt").items():
        for name, expected in tensors(getattr(torch, dtype)).items():
            assert equal(items[name], expected), (dtype, name)
            assert name == "empty" or items[name].stride() == expected.stride(), (dtype, name)
    tied = load(folder / "tied.pt")
    tied["a"].fill_(9)
    assert (tied["b"] == 9).all() and (tied["row"] == 9).all()
    values = load(folder / "values.pt")
    assert values["tuple"] == (1, (2, 3)) and values["list"] == [1, 2.5, "x"] and values["large"] == 2**40
    assert values["negative"] == -5 and values["none"] is None and values["name"] == "café" and values["done"] is False
    state = load(folder / "module.pt")
    assert isinstance(state, collections.OrderedDict)
    net = network()
    for p in net.parameters():
        p.data.zero_()
    net.load_state_dict(state)
    assert all(equal(a, b) for a, b in zip(net.parameters(), network().parameters()))
    fresh, reference = network(), network()
    adam = torch.optim.Adam(fresh.parameters(), lr=1)
    adam.load_state_dict(load(folder / "adam.pt"))
    for group in adam.param_groups:  # where hearth's optimizer names fewer settings than Python's has
        group.update({k: v for k, v in torch.optim.Adam(fresh.parameters()).param_groups[0].items() if k not in group})
    theirs = stepped(reference, lambda p: torch.optim.Adam(p, lr=0.125, betas=(0.5, 0.75)))
    assert adam.param_groups[0]["lr"] == 0.125
    for mine, other in zip(fresh.parameters(), reference.parameters()):
        for key in "exp_avg", "exp_avg_sq":
            assert torch.allclose(adam.state[mine][key], theirs.state[other][key], rtol=1e-6), key
        assert adam.state[mine]["step"] == 2
    for p in fresh.parameters():
        p.grad = torch.ones_like(p)
    adam.step()
    for name in "arrays.npz", "compressed.npz":
        arrays = numpy.load(folder / name)
        for d in NUMPY_DTYPES:
            expected = numpy.arange(6).reshape(2, 3).astype(d)
            assert arrays[d].dtype == expected.dtype and (arrays[d] == expected).all(), (name, d)
    turned = numpy.load(folder / "fortran.npy")
    assert turned.flags.f_contiguous and (turned == numpy.arange(24.).reshape(2, 3, 4)).all()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write").add_argument("folder", type=pathlib.Path)
    commands.add_parser("check").add_argument("program", type=pathlib.Path)
    args = parser.parse_args()
    if args.command == "write":
        return write(args.folder)
    with tempfile.TemporaryDirectory() as folder:
        theirs, ours = pathlib.Path(folder, "theirs"), pathlib.Path(folder, "ours")
        write(theirs)
        ours.mkdir()
        subprocess.run([str(args.program), "--gtest_brief=1", "--gtest_filter=PeerFiles.*"], check=True,
                       env={**os.environ, "HEARTH_PEER_FILES": str(theirs), "HEARTH_PEER_OUT": str(ours)})
        read(ours)
        print(f"peer files: {len(list(theirs.iterdir()))} files of PyTorch {torch.__version__}, LibTorch and NumPy read, "
              f"{len(list(ours.iterdir()))} of hearth's read by them")


if __name__ == "__main__":
    sys.exit(main())
