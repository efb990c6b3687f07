using System.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>The files of an output as a player sees them: by URI.</summary>
internal sealed class OutputFiles
{
    private const int MaxManifestLength = 64 * 1024 * 1024;

    private readonly Dictionary<string, AssetFile> _files;

    private OutputFiles(IAssetStore store, Dictionary<string, AssetFile> files)
    {
        Store = store;
        _files = files;
    }

    public IAssetStore Store { get; }

    public static async Task<OutputFiles> OpenAsync(IAssetStore store, CancellationToken cancellation)
    {
        IReadOnlyList<AssetFile> files = await store.ListAsync(cancellation).ConfigureAwait(false);
        return new OutputFiles(store, files.ToDictionary(file => file.Path));
    }

    public bool Contains(string path) => _files.ContainsKey(path);

    public long Length(string path) => _files[path].Length;

    public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => Store.OpenAsync(path, cancellation);

    /// <summary>The path that a URI in a manifest names (RFC 3986 5.2, paths only); null where it leaves the output.</summary>
    public static string? Resolve(string manifest, string uri)
    {
        List<string> parts = [.. manifest.Split('/')];
        parts.RemoveAt(parts.Count - 1);
        foreach (string part in uri.Split('/').Select(Uri.UnescapeDataString))
        {
            switch (part)
            {
                case "." or "":
                    break;
                case ".." when parts.Count == 0:
                    return null;
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join("/", parts);
    }

    public async Task<string> ReadTextAsync(string path, CancellationToken cancellation)
    {
        using IByteSource source = await OpenAsync(path, cancellation).ConfigureAwait(false);
        if (source.Length > MaxManifestLength)
        {
            throw new FormatException($"it has {source.Length} bytes; no manifest is that long");
        }

        byte[] bytes = await ReadAsync(source, 0, (int)source.Length, cancellation).ConfigureAwait(false);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
    }

    public static async Task<byte[]> ReadAsync(IByteSource source, long offset, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        int done = 0;
        while (done < count)
        {
            int read = await source.ReadAsync(offset + done, bytes, done, count - done, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new PackagingException("TruncatedFile", $"it ends {count - done} bytes too early", source.Path, offset + done);
            }

            done += read;
        }

        return bytes;
    }
}
