"""An echo server of Python's websockets on a free port, which it prints."""

import asyncio

import websockets


async def echo(websocket, _path=None):
    async for message in websocket:
        await websocket.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=65_536) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
