"""The PyTorch counterpart of tensorflow-trainer.ts: the same network, batch, loss and optimiser, timed the same way.

BatchNorm is frozen, as PyTorch programs fine-tune such a backbone; kindred folds it into the convolutions.

Speaks lines of JSON: for each {"steps": n} on stdin it runs n steps and answers with their milliseconds.
"""
import json
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


def activate(x, activation):
    if activation == "none":
        return x
    return F.relu6(x, inplace=True) if activation == "relu6" else F.relu(x, inplace=True)


class Conv(nn.Module):
    """Convolution, frozen BatchNorm, activation; padding symmetric or TensorFlow's SAME."""

    def __init__(self, layer):
        super().__init__()
        self.activation = layer["activation"]
        self.same = layer["padding"] == "same"
        self.kernel, self.stride = layer["kernel"], layer["stride"]
        padding = 0 if self.same else self.kernel // 2
        groups = layer["inChannels"] if layer["depthwise"] else 1
        self.conv = nn.Conv2d(
            layer["inChannels"], layer["outChannels"], self.kernel, self.stride, padding, groups=groups, bias=False
        )
        # Frozen: the statistics stay, and what it learned on ImageNet stays.
        self.norm = nn.BatchNorm2d(layer["outChannels"]).eval().requires_grad_(False)

    def forward(self, x):
        if self.same:
            x = self.pad_same(x)
        return activate(self.norm(self.conv(x)), self.activation)

    def pad_same(self, x):
        pads = []
        for size in (x.shape[3], x.shape[2]):
            total = max((-(-size // self.stride) - 1) * self.stride + self.kernel - size, 0)
            pads += [total // 2, total - total // 2]
        if pads[0] == pads[1] == pads[2] == pads[3]:
            self.conv.padding = (pads[0], pads[0])
            return x
        return F.pad(x, pads)


class Network(nn.Module):
    def __init__(self, layers, channels, head):
        super().__init__()
        self.plan = layers
        self.convs = nn.ModuleDict({l["name"].replace(".", "_"): Conv(l) for l in layers if l["kind"] == "conv"})
        self.head = nn.Linear(channels, head)

    def forward(self, x):
        outputs = {"image": x}
        for layer in self.plan:
            if layer["kind"] == "conv":
                x = self.convs[layer["name"].replace(".", "_")](outputs[layer["input"]])
            elif layer["kind"] == "max-pool":
                x = F.max_pool2d(outputs[layer["input"]], layer["kernel"], layer["stride"], layer["kernel"] // 2)
            elif layer["kind"] == "add":
                x = activate(outputs[layer["inputs"][0]] + outputs[layer["inputs"][1]], layer["activation"])
            else:
                raise ValueError(f"no counterpart of a layer of the kind {layer['kind']}")
            outputs[layer["name"]] = x
        return self.head(x.mean((2, 3)))


def main():
    setup = json.loads(sys.stdin.readline())
    torch.manual_seed(setup["seed"])
    torch.set_num_threads(setup["threads"])
    network = Network(setup["layers"], setup["channels"], setup["head"])
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    network = network.to(memory_format=torch.channels_last)
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=setup["rate"], weight_decay=setup["weightDecay"], fused=True)
    size, batch = setup["size"], setup["batch"]
    images = (torch.rand(batch, 3, size, size) * 2 - 1).to(memory_format=torch.channels_last)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        answer = []
        for _ in range(json.loads(line)["steps"]):
            times = [time.perf_counter()]
            loss = F.normalize(network(images)).sum(0).square().sum()
            loss.item()
            times.append(time.perf_counter())
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            times.append(time.perf_counter())
            torch.nn.utils.clip_grad_norm_(learning, setup["maxNorm"])
            optimiser.step()
            times.append(time.perf_counter())
            answer.append([1000 * (b - a) for a, b in zip(times, times[1:])])
        print(json.dumps(answer), flush=True)


main()
