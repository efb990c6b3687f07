using System.Security.Cryptography;
using System.Text;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Runs;

namespace AmsMigration.StreamingUrls;

/// <summary>
/// The manifests at the paths of one locator. A record of their own beside them says whose they are, so that they are written once, and never over what
/// belongs to somebody else.
/// </summary>
internal sealed class AliasFolder(string locatorId, IOutputStore store, AmsAsset asset)
{
    /// <summary>Not the name of an output's, which may lie in the same folder.</summary>
    public const string RecordPath = "_aliases.json";

    private readonly List<(StreamingAddress? Address, OutputFile File)> _files = [];
    private readonly List<(PackagingPlan Plan, List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> Files)> _media = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private OutputRecord? _before;

    private IEnumerable<OutputFile> AllFiles => _media.SelectMany(one => one.Files).SelectMany(lane => lane.Files).Concat(_files.Select(entry => entry.File));

    public IEnumerable<AmsStreamingAlias> Aliases => _files.Where(entry => entry.Address is not null).Select(entry => new AmsStreamingAlias
    {
        Uri = store.Locate(entry.File.Path),
        LocatorId = locatorId,
        ManifestName = entry.Address!.ManifestName,
        Request = entry.Address.RequestName,
    });

    /// <summary>Full paths or URIs with their lengths in bytes.</summary>
    public IEnumerable<(string Location, long Length)> Files => AllFiles.Select(file => (store.Locate(file.Path), file.Length));

    /// <summary>Everything is there already. Known after <see cref="LookAsync"/>.</summary>
    public bool IsCurrent { get; private set; }

    /// <summary>What another presentation has at the same path stays.</summary>
    public void Add(StreamingAddress address, OutputFile file) => AddOnce(address, file);

    /// <summary>What manifests refer to, before them.</summary>
    public void AddParts(IEnumerable<OutputFile> files)
    {
        foreach (OutputFile file in files)
        {
            AddOnce(null, file);
        }
    }

    /// <summary>Fragments of media, which manifests lead to.</summary>
    public void AddMedia(PackagingPlan plan, IReadOnlyList<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> files)
    {
        List<(IEnumerable<OutputFile>, IEnumerable<int>)> own = [.. files.Select(lane => ((IEnumerable<OutputFile>)[.. lane.Files.Where(file => _paths.Add(file.Path))], lane.Sources))];
        _media.Add((plan, own));
    }

    /// <summary>Looks at what is there.</summary>
    /// <exception cref="PackagingException"><c>AliasTaken</c>: it belongs to another asset, or to nobody that is known, and <paramref name="force"/> does not say to write over it.</exception>
    public async Task LookAsync(bool force, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, long> present = await store.GetLengthsAsync([.. AllFiles.Select(file => file.Path)], cancellation).ConfigureAwait(false);
        _before = await FindRecordAsync(cancellation).ConfigureAwait(false);
        bool isOurs = _before is null ? present.Count == 0 : _before.Source == asset.Location;
        if (!isOurs && !force)
        {
            throw new PackagingException(
                "AliasTaken", $"'{store.Location}' holds {(_before is null ? "files that were not written by this tool" : $"the manifests of '{_before.Source}'")}; -Force writes over them");
        }

        IsCurrent = _before is { State: RecordState.Complete } && _before.Conversion == Fingerprint()
            && AllFiles.All(file => present.TryGetValue(file.Path, out long length) && length == file.Length);
    }

    /// <summary>Writes them all, and takes away what an earlier run wrote and this one does not.</summary>
    /// <returns>Bytes.</returns>
    /// <param name="media">Where the source's samples are, in the clear.</param>
    public async Task<long> WriteAsync(IAssetStore media, RunLog? log, CancellationToken cancellation)
    {
        string[] older = [.. (_before?.Files ?? []).Select(file => file.Key).Where(path => !_paths.Contains(path))];

        // Before the first file: whoever finds a part of them finds out whose they are.
        await PutRecordAsync(RecordState.InProgress, older, cancellation).ConfigureAwait(false);
        foreach (string path in older)
        {
            await store.DeleteAsync(path, cancellation).ConfigureAwait(false);
        }

        long written = 0;
        foreach ((PackagingPlan plan, List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> files) in _media)
        {
            TransferResult moved = await TransferEngine.RunAsync(
                files, plan.Presentation.Files, media, store, TransferOptions.For(asset.Store, store), null, cancellation).ConfigureAwait(false);
            written += moved.BytesWritten;
        }

        TransferResult result = await TransferEngine.WriteAsync([.. _files.Select(entry => entry.File)], store, new TransferOptions(), cancellation).ConfigureAwait(false);
        foreach ((string location, long length) in Files)
        {
            log?.File(asset.AssetName, location, length);
        }

        await PutRecordAsync(RecordState.Complete, [], cancellation).ConfigureAwait(false);
        return written + result.BytesWritten;
    }

    private void AddOnce(StreamingAddress? address, OutputFile file)
    {
        if (_paths.Add(file.Path))
        {
            _files.Add((address, file));
        }
    }

    private async Task<OutputRecord?> FindRecordAsync(CancellationToken cancellation)
    {
        try
        {
            return await RecordReader.ReadAsync(store, cancellation, RecordPath).ConfigureAwait(false);
        }
        catch (PackagingException e) when (e.Code is "RecordUnreadable" or "OutputUnreadable")
        {
            return null;
        }
    }

    private Task PutRecordAsync(RecordState state, string[] older, CancellationToken cancellation)
    {
        var record = new OutputRecord
        {
            State = state,
            AssetName = asset.AssetName,
            Source = asset.Location,
            Conversion = Fingerprint(),
            Layout = locatorId,
            Files = [.. AllFiles.Select(file => new KeyValuePair<string, long>(file.Path, file.Length)), .. older.Select(path => new KeyValuePair<string, long>(path, 0))],
        };
        return OutputRecord.PutAsync(store, record.Write(DateTime.UtcNow), cancellation, RecordPath);
    }

    /// <summary>Of paths and contents; manifests stand for the media that they lead to.</summary>
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (OutputFile fragment in _media.SelectMany(one => one.Files).SelectMany(lane => lane.Files))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{fragment.Path} {fragment.Length}\n")));
        }

        foreach ((_, OutputFile file) in _files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Path + "\n"));
            foreach (Extent extent in file.Extents)
            {
                hash.AppendData(extent.Literal!);
            }
        }

        return Runs.Fingerprint.Hexadecimal(hash.GetHashAndReset());
    }
}
