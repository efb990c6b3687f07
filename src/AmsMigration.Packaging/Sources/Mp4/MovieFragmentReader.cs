using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>
/// Reads 'moof' boxes (ISO/IEC 14496-12 8.8) into sample tables: the fragments of a file in order, or of blobs that hold one or a few each.
/// </summary>
/// <param name="tracks">Those to collect, by track_ID; others are stepped over.</param>
internal sealed class MovieFragmentReader(IReadOnlyDictionary<uint, TrackSamples> tracks)
{
    private readonly List<FragmentSample> _samples = [];
    private readonly TrackRunReader _runs = new();
    private bool _isEncrypted;

    /// <summary>Every fragment is of the same track, whatever its track_ID.</summary>
    public bool IsOneTrack { get; set; }

    /// <summary>What fragments needed of the header beside its sample entry: the end of a sentence about them; null where nothing.</summary>
    public string? Needs => _isEncrypted ? "are encrypted" : _runs.UsesDefaults ? "leave sizes or durations of their samples to it" : null;

    /// <param name="moof">With its offset in <paramref name="file"/>.</param>
    /// <param name="start">Where the fragment does not say itself when it starts, or says it wrong.</param>
    /// <param name="added">Gets what was added, also where an exception ends it.</param>
    /// <param name="media">Media of fragments that look like those in front of them; null where they are to be told apart without.</param>
    /// <exception cref="PackagingException">A box in it is damaged.</exception>
    public async Task ReadAsync(BoxReader moof, MediaFile file, FragmentStart? start, ICollection<TrackFragment> added, ReadMedia? media)
    {
        _runs.Enter(file);
        long offset = moof.FileStart;
        long dataEnd = offset;
        while (moof.NextChild(out BoxReader traf))
        {
            if (traf.Type != "traf")
            {
                continue;
            }

            TrackFragmentHeader header = TrackFragmentHeader.Read(traf.Find("tfhd"), offset, dataEnd);
            TrackSamples? track = FindTrack(header.TrackId);
            _samples.Clear();
            dataEnd = _runs.Read(traf, header, track?.Defaults ?? default, _samples);
            if (track is null || track.IsEnded || _samples.Count == 0)
            {
                continue;
            }

            _isEncrypted |= FragmentEncryption.IsIn(traf);
            track.RollDistance = Math.Max(track.RollDistance, SampleGroups.ReadRollDistance(traf));
            track.MendOffsets(_samples);
            FragmentStart? found = FindStart(traf, track, start);
            if (await track.IsRepetitionAsync(_samples, found, file, media).ConfigureAwait(false))
            {
                added.Add(track.AddRepetition(_samples) with { MovieOffset = offset });
                continue;
            }

            bool[] isSync = SyncSamples.OfFragment(track.Track, _samples, traf.TryFind("sdtp", out BoxReader sdtp) ? SyncSamples.ReadDependencies(sdtp) : null);
            int description = track.FindDescription(header.Description ?? track.Defaults.Description);
            if (track.Descriptions[description].Encryption is TrackEncryption encryption)
            {
                FragmentEncryption.Read(traf, _samples, encryption, track.EncryptionGroups, track.EncryptedIn(file.Index));
            }

            added.Add(track.AddFragment(_samples, isSync, found, file, description) with { MovieOffset = offset });
        }
    }

    /// <summary>The header and the fragments of a live archive may number their only track differently.</summary>
    public TrackSamples? FindTrack(uint id) =>
        tracks.TryGetValue(id, out TrackSamples? track) ? track : IsOneTrack && tracks.Count == 1 ? tracks.Values.First() : null;

    /// <summary>
    /// tfdt before tfxd before what was given, unless that overrides. Muxers write decode times before 0 as 64 bits of two's complement, and no other
    /// time has the first of them.
    /// </summary>
    private static FragmentStart? FindStart(BoxReader traf, TrackSamples track, FragmentStart? given)
    {
        if (given is { Overrides: true })
        {
            return given;
        }

        if (traf.TryFind("tfdt", out BoxReader tfdt))
        {
            (byte version, _) = tfdt.FullBox();
            long time = version == 1 ? tfdt.I64() : tfdt.U32();
            return new FragmentStart(time, IsPresentation: false, Source: FragmentTimeSource.DecodeTimeBox);
        }

        return SmoothTime.Read(traf, isFirst: track.Count == 0) is (long smoothTime, _)
            ? new FragmentStart(smoothTime, IsPresentation: true, Source: FragmentTimeSource.SmoothTimeBox)
            : given;
    }
}
