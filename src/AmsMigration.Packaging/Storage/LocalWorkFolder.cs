using System.Diagnostics;

namespace AmsMigration.Packaging.Storage;

/// <summary>
/// The folder <c>.amsmigration</c> in an output: what is being written, and the claim. It is there only while a run is under way, or after one that ended
/// early and left something to go on from.
/// </summary>
internal sealed class LocalWorkFolder(LocalOutputFolders folders, string output)
{
    public const string Name = ".amsmigration";
    private const string Extension = ".partial";

    /// <summary>A clock that is set back makes the machine seem to have started later, which costs work, never bytes.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    public string Location { get; } = Path.Combine(output, Name);

    /// <summary>Makes the folder and a file in it.</summary>
    public T Create<T>(Func<T> create) => folders.CreateIn(Location, create);

    /// <summary>The file that gathers what is written under a fingerprint.</summary>
    public string PartialOf(string fingerprint) => Path.Combine(Location, fingerprint + Extension);

    /// <summary>
    /// Bytes of a partial file that can be relied on. One that was last written to before the machine was started may have a length that its content never
    /// reached the disk for.
    /// </summary>
    public static long TrustedLength(string partial, long limit)
    {
        var file = new FileInfo(partial);
        DateTime started = DateTime.UtcNow.AddSeconds(-Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
        return file.Exists && file.Length <= limit && file.LastWriteTimeUtc > started + ClockTolerance ? file.Length : 0;
    }

    public void Discard(IReadOnlyCollection<string> keep)
    {
        if (!Directory.Exists(Location))
        {
            return;
        }

        var kept = new HashSet<string>(keep.Select(PartialOf), StringComparer.Ordinal);
        foreach (string partial in Directory.GetFiles(Location, "*" + Extension).Where(file => !kept.Contains(file)))
        {
            File.Delete(partial);
        }

        RemoveIfEmpty();
    }

    /// <summary>Takes the folder away, and the output's folder where this run made it and it is empty, too.</summary>
    public void RemoveIfEmpty()
    {
        folders.Adopt(Location);
        folders.RemoveIfEmpty(Location);
    }
}
