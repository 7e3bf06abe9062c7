"""Pictures as small files, made by the browser itself."""

from base64 import b64decode, b64encode
from typing import Final

from playwright.async_api import BrowserContext

_PACK: Final = """async (png) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + png;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.7).split(',')[1];
}"""


async def as_webp(context: BrowserContext, png: bytes) -> bytes:
    """The picture as WebP."""
    page = await context.new_page()
    packed = await page.evaluate(_PACK, b64encode(png).decode("ascii"))
    await page.close()
    return b64decode(packed)
