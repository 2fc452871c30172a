"""Generic words at the edges of a name that change nothing: "the CIFAR-10 dataset" is CIFAR-10, "BERT models" are BERT.

They go only where what they stand with is itself a name: "diffusion model" is no "diffusion". A name is
told by capitals inside, by a digit next to letters, or by the list below.
"""

import re

_DETERMINERS = re.compile(
    r"^(?:(?:the|an|our|this|these|those|its|their|a(?!\s+(?:priori|posteriori|star|la|contrario)\b))\s+)+(?=\S)",
    re.IGNORECASE,
)
_HEADS = re.compile(
    r"[\s-]+(?:(?P<data>(?:benchmark\s+)?(?:data[ -]?set|corpus|benchmark|test\s?bed))"
    r"|(?P<many>(?:benchmark\s+)?(?:data[ -]?sets|corpora|benchmarks))"
    r"|(?P<network>(?:neural\s+)?networks?)"
    r"|(?P<score>scores?|metrics?)"
    r"|(?P<method>(?:language\s+)?models?|methods?|algorithms?|optimi[sz]ers?|architectures?|frameworks?|classifiers?))$",
    re.IGNORECASE,
)
# Fields, tasks, kinds of data and quantities: an "NLP model" is no NLP, "EEG datasets" are no EEG.
_NO_NAMES = frozenset(
    """
    ai ml dl rl nlp cv ir qa vqa kbqa ner re pos asr tts mt nmt smt slu nlu nlg nli ocr mrc rc ie cws eeg ecg emg meg
    mri fmri ct pet oct rgb rgbd lidar gps imu iot 2d 3d 4d 1d hdr sdr lf sr vsr sisr gpu cpu tpu sql api pde ode sde
    dae
    mdp pomdp ood ssl fsl zsl mtl kg kge absa slam reid hpo nas automl marl irl drl ctr tsp sat vrp mip ilp csp ehr
    icu covid hiv dna rna us uk eu nba hoi hri hci vr ar xr uav agv ev nn srl amr ugt gec cqa tod dst el wsd vos mot
    od dg
    da uda
    fl tl ht cl al il zs fs icl llm vlm lm plm mllm lvlm np sts rte crs ctg nc lp gc cs se ee rs xai sfm mvs nvs nlvr
    """.split()
)
_LISTED = frozenset(
    """
    adam adagrad rmsprop bert gpt transformer lstm gan k-means kmeans word2vec fasttext glove elmo node2vec deepwalk
    doc2vec seq2seq t-sne umap q-learning sarsa reinforce a* xgboost lightgbm adaboost lasso pagerank apriori dijkstra
    imagenet mnist cifar coco cityscapes kitti kinetics squad glue superglue wikitext omniglot shapenet modelnet
    scannet celeba ffhq lsun vimeo sintel snli multinli hotpotqa librispeech movielens netflix reuters enron cora
    citeseer pubmed reddit flickr30k kodak set5 set14 atari mujoco minecraft starcraft alexnet vgg resnet inception
    densenet mobilenet efficientnet u-net yolo faster mask wavenet tacotron clip dall-e llama alpaca vicuna palm gemini
    claude chatgpt mistral roberta albert electra deberta xlnet bart pegasus t5 mamba conformer swin vit
    treebank f1 bleu rouge meteor auc fid
    """.split()
)
# Lower-case parts that a name may have behind a hyphen: BERT-base.
_SIZES = frozenset("base large small tiny mini medium xl".split())
_CAMEL = re.compile(r"[A-Z].*[A-Z]|[a-z].*[A-Z]")
_NUMBERED = re.compile(r"(?=.*[A-Za-z]{2}.*)(?=.*[A-Z])(?=.*\d)|[A-Z]\d")
_OF_NETWORKS = re.compile(r"(?:N|Net|LSTM|GRU|GAN|VAE)s?$")


def bare(name: str) -> str:
    """The name without leading determiners and without trailing heads that change nothing."""
    name = _DETERMINERS.sub("", name.strip())
    while (match := _HEADS.search(name)) and _may_drop(name[: match.start()], match):
        name = name[: match.start()].rstrip()
    return name


def _may_drop(modifier: str, head: re.Match[str]) -> bool:
    last = modifier.rsplit(maxsplit=1)[-1]
    if not is_name(last) or ((modifier + head[0]).isupper() and last.casefold() not in _LISTED and last.isalpha()):
        return False
    letters_only = last.isalpha() and last.isupper()
    if head["many"]:
        return not letters_only or last.casefold() in _LISTED
    if head["network"]:
        return _OF_NETWORKS.search(last) is not None
    return True


def is_name(word: str) -> bool:
    """Whether one word, hyphens inside allowed, names a thing by its looks or by the list."""
    folded = word.casefold()
    if folded in _LISTED:
        return True
    parts = [part for part in re.split(r"[-\u2010-\u2015/]", word) if part]
    if folded in _NO_NAMES or any(part.casefold() in _NO_NAMES for part in parts):
        return False
    shaped = [bool(_CAMEL.search(part) or _NUMBERED.search(part)) for part in parts]
    return any(shaped) and not any(
        part.islower() and part.isalpha() and len(part) > 1 and part not in _SIZES for part in parts
    )
