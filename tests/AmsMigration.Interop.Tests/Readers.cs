using System.Text.Json;

[assembly: AssemblyFixture(typeof(AmsMigration.Interop.Tests.Readers))]

namespace AmsMigration.Interop.Tests;

/// <summary>Readers of media and manifests that others wrote, in one node for all tests: the modules of tests/node.</summary>
public sealed class Readers : IAsyncDisposable
{
    private readonly NodeService _service = new("ask.mjs");

    /// <summary>What mediabunny sees in media files: tests/node/packets.mjs.</summary>
    public Task<JsonElement> PacketsAsync(IEnumerable<string> files) => AskAsync("packets", files);

    /// <summary>What mp4box sees in media files: tests/node/boxes.mjs.</summary>
    public Task<JsonElement> BoxesAsync(IEnumerable<string> files) => AskAsync("boxes", files);

    /// <summary>What hls-parser and mpd-parser see in manifests: tests/node/read-manifests.mjs.</summary>
    public Task<JsonElement> ManifestsAsync(string folder, string mpd, IEnumerable<string> playlists) => AskAsync("read-manifests", [folder, mpd, .. playlists]);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private async Task<JsonElement> AskAsync(string reader, IEnumerable<string> arguments)
    {
        Needs.Node();
        Needs.NodeScripts();
        Answer answer = await _service.AskAsync<Answer>(id => new { id, reader, arguments });
        Assert.True(answer.Error is null, answer.Error);
        return answer.Result;
    }

    private sealed record Answer(JsonElement Result, string? Error);
}
