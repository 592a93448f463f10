"""The main job: a request becomes an image."""

from openposterdb.images.addresses import CdnAddresses
from openposterdb.images.generation import Generation
from openposterdb.images.knowledge import TitleKnowledge
from openposterdb.images.placeholders import Placeholders
from openposterdb.images.previews import Previews
from openposterdb.images.purges import ImagePurges
from openposterdb.images.renderer import RENDERER_EPOCH, Renderer
from openposterdb.images.request import ImageRequest, ServedImage
from openposterdb.images.service import ImageService
from openposterdb.images.warming import WarmUp, WarmUpReport

__all__ = [
    "RENDERER_EPOCH",
    "CdnAddresses",
    "Generation",
    "ImagePurges",
    "ImageRequest",
    "ImageService",
    "Placeholders",
    "Previews",
    "Renderer",
    "ServedImage",
    "TitleKnowledge",
    "WarmUp",
    "WarmUpReport",
]
