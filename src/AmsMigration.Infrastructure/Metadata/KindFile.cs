using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// All resources of one kind, as the service wrote them: a JSON list in a file. What an earlier run has and this one does not hear of stays in it, behind the
/// others. Safe for use by several threads.
/// </summary>
/// <param name="name">E.g. <c>assets</c>.</param>
internal sealed class KindFile(string name, SecretScreen screen) : IDisposable
{
    private readonly ItemSpool _items = new();
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);

    public string Name => name;

    public string Path => name + ".json";

    public int Count => _items.Count;

    public void Add(JsonElement item)
    {
        lock (_ids)
        {
            if (_ids.Add(IdOf(item)))
            {
                _items.Add(screen.Write(item));
            }
        }
    }

    /// <summary>Keeps what an earlier run has, and writes the file.</summary>
    public async Task WriteAsync(ExportFolder folder, CancellationToken cancellation)
    {
        foreach (JsonElement item in await ReadAsync(folder, Path, cancellation).ConfigureAwait(false))
        {
            Add(item);
        }

        Stream content = _items.Open();
        await folder.WriteAsync(Path, _items.Length, content, cancellation).ConfigureAwait(false);
    }

    /// <summary>The items of a file; none where there is no file, or one that somebody else has spoiled.</summary>
    public static async Task<IEnumerable<JsonElement>> ReadAsync(ExportFolder folder, string path, CancellationToken cancellation)
    {
        byte[]? content = await folder.ReadAsync(path, cancellation).ConfigureAwait(false);
        return content is null ? [] : Split(content);
    }

    public void Dispose() => _items.Dispose();

    /// <summary>One item after the other: a list may be long.</summary>
    private static IEnumerable<JsonElement> Split(byte[] list)
    {
        var state = default(JsonReaderState);
        int position = 0;
        while (TryTake(list, ref position, ref state, out JsonElement item))
        {
            yield return item;
        }
    }

    private static bool TryTake(byte[] list, ref int position, ref JsonReaderState state, out JsonElement item)
    {
        item = default;
        try
        {
            var reader = new Utf8JsonReader(new ReadOnlySpan<byte>(list, position, list.Length - position), isFinalBlock: true, state);
            if (!reader.Read() || (reader.TokenType == JsonTokenType.StartArray && !reader.Read()) || reader.TokenType == JsonTokenType.EndArray)
            {
                return false;
            }

            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            item = document.RootElement.Clone();
            position += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string IdOf(JsonElement item) => Json.Text(item, "id") ?? Json.Text(item, "resource") ?? Json.Text(item, "name") ?? item.GetRawText();
}
