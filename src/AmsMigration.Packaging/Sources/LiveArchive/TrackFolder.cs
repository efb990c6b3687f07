using System.Globalization;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>
/// A folder of a live archive: the blob <c>header</c> (ftyp and moov) and a blob for each fragment, named after its start time.
/// </summary>
internal sealed class TrackFolder
{
    private TrackFolder(string path, int? header, IReadOnlyList<(long Time, int File)> fragments)
    {
        Path = path;
        Header = header;
        Fragments = fragments;
    }

    /// <summary>Relative to the asset, e.g. <c>video_1000000</c>.</summary>
    public string Path { get; }

    /// <summary>Index into the asset's files; null where the blob is lost, and with it what decodes the fragments.</summary>
    public int? Header { get; }

    /// <summary>Start times in ticks of the stream, rising, and indices into the asset's files.</summary>
    public IReadOnlyList<(long Time, int File)> Fragments { get; }

    /// <summary>The folder's name is the stream's name and its bit rate; e.g. <c>video</c> and 1000000 of <c>video_1000000</c>. 0 where it has none.</summary>
    public (string Stream, long Bitrate) Name
    {
        get
        {
            string name = Path.Substring(Path.LastIndexOf('/') + 1);
            int underscore = name.LastIndexOf('_');
            return underscore > 0 && long.TryParse(name.Substring(underscore + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long bitrate)
                ? (name.Substring(0, underscore), bitrate)
                : (name, 0);
        }
    }

    /// <summary>All folders that have a header, in the order of the listing, and behind them those that have fragments alone.</summary>
    public static IReadOnlyList<TrackFolder> FindAll(IReadOnlyList<AssetFile> files)
    {
        var headers = new List<(string Folder, int? File)>();
        var fragments = new Dictionary<string, List<(long Time, int File)>>(StringComparer.Ordinal);
        for (int i = 0; i < files.Count; i++)
        {
            int slash = files[i].Path.LastIndexOf('/');
            if (slash <= 0)
            {
                continue;
            }

            string folder = files[i].Path.Substring(0, slash);
            string name = files[i].Path.Substring(slash + 1);
            if (name == AssetReader.TrackHeader)
            {
                headers.Add((folder, i));
            }
            else if (long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long time))
            {
                if (!fragments.TryGetValue(folder, out List<(long, int)>? list))
                {
                    fragments[folder] = list = [];
                }

                list.Add((time, i));
            }
        }

        IEnumerable<(string Folder, int? File)> headless = fragments.Keys
            .Except(headers.Select(header => header.Folder))
            .OrderBy(folder => folder, StringComparer.Ordinal)
            .Select(folder => (folder, (int?)null));
        return
        [
            .. headers.Concat(headless).Select(header => new TrackFolder(
                header.Folder, header.File, fragments.TryGetValue(header.Folder, out List<(long Time, int File)>? list) ? [.. list.OrderBy(f => f.Time)] : [])),
        ];
    }
}
