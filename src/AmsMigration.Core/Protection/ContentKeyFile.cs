using System.Text;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Protection;

/// <summary>
/// New keys, one for each asset, in a file that the user named: lines of <c>Asset,KeyId,Key</c>, the key in Base64, as Import-Csv reads them. An asset that has
/// one there keeps it. Safe for use by several threads of one process.
/// </summary>
public sealed class ContentKeyFile : IContentKeys
{
    private const string Header = "Asset,KeyId,Key";

    private readonly string _path;
    private readonly object _writing = new();
    private readonly Dictionary<string, ContentKey> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    private ContentKeyFile(string path) => _path = path;

    /// <summary>All that are in it now.</summary>
    public IReadOnlyList<ContentKey> Keys
    {
        get
        {
            lock (_writing)
            {
                return [.. _keys.Values];
            }
        }
    }

    /// <param name="path">Full path; made when the first key is.</param>
    /// <exception cref="PackagingException"><c>KeyFileUnreadable</c>: it is something else, or cannot be read.</exception>
    public static ContentKeyFile Open(string path)
    {
        var file = new ContentKeyFile(path);
        if (!File.Exists(path))
        {
            return file;
        }

        try
        {
            foreach (string line in File.ReadLines(path).Skip(1).Where(line => line.Length > 0))
            {
                string[] fields = Split(line);
                file._kept.Add(fields[0]);
                file._keys[fields[0]] = new ContentKey(Guid.Parse(fields[1]), Convert.FromBase64String(fields[2]));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or PackagingException)
        {
            throw new PackagingException("KeyFileUnreadable", $"'{path}' cannot be read as a list of keys ({Header})");
        }

        return file;
    }

    public Task<IReadOnlyList<ContentKey>> FindAsync(AmsAsset asset, CancellationToken cancellation)
    {
        lock (_writing)
        {
            if (!_keys.TryGetValue(asset.Location, out ContentKey? key))
            {
                _keys[asset.Location] = key = ContentKey.Create();
            }

            return Task.FromResult<IReadOnlyList<ContentKey>>([key]);
        }
    }

    /// <exception cref="PackagingException"><c>KeyFileUnwritable</c>.</exception>
    public Task KeepAsync(AmsAsset asset, CancellationToken cancellation)
    {
        lock (_writing)
        {
            if (_keys.TryGetValue(asset.Location, out ContentKey? key) && !_kept.Contains(asset.Location))
            {
                Append(asset.Location, key);
                _kept.Add(asset.Location);
            }
        }

        return Task.CompletedTask;
    }

    private void Append(string asset, ContentKey key)
    {
        try
        {
            string start = File.Exists(_path) ? "" : Header + Environment.NewLine;
            string line = $"\"{asset.Replace("\"", "\"\"")}\",{key.Id},{Convert.ToBase64String(key.GetBytes())}{Environment.NewLine}";
            File.AppendAllText(_path, start + line, new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("KeyFileUnwritable", $"'{_path}' cannot be written, so nothing was encrypted: {e.Message}", inner: e);
        }
    }

    /// <summary>A first field in quotes, then two without.</summary>
    private static string[] Split(string line)
    {
        int last = line.LastIndexOf(',');
        int second = last > 0 ? line.LastIndexOf(',', last - 1) : -1;
        if (second < 0)
        {
            throw new FormatException();
        }

        string asset = line.Substring(0, second).Trim('"').Replace("\"\"", "\"");
        return [asset, .. line.Substring(second + 1).Split(',').Select(field => field.Trim('"'))];
    }
}
