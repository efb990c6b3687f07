using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.InPlace;

/// <summary>
/// Whether players can play the blobs of a track as they are: CMAF fragments (ISO/IEC 23000-19 7.3.2) and nothing that only a conversion could mend.
/// </summary>
/// <param name="header">What the track's header says.</param>
internal sealed class BlobCheck(TrackSamples header)
{
    private readonly TrackRunReader _runs = new();

    /// <summary>Of all fragments; 0 before the first.</summary>
    public uint TrackId { get; private set; }

    /// <exception cref="PackagingException"><c>NotPlayableInPlace</c>: says where and why.</exception>
    public async Task<IReadOnlyList<PlayableFragment>> ReadAsync(IByteSource source, MediaFile file, int window, CancellationToken cancellation)
    {
        var scanner = new TopLevelScanner(source, window);
        List<PlayableFragment> fragments = [];
        BoxReader? moof = null;
        for (long offset = 0; offset < file.Length;)
        {
            TopLevelBox box = await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) ?? throw Refuse(file, offset, "what is here is no box");
            if (box.IsTruncated)
            {
                throw Refuse(file, offset, $"the blob ends inside '{box.Type}'");
            }

            switch (box.Type)
            {
                case "moof" when moof is null:
                    moof = BoxReader.Open(
                        await scanner.ReadBytesAsync(box, Mp4Reader.MaxFragmentLength, cancellation).ConfigureAwait(false), file.Path, box.Offset);
                    break;
                case "mdat" when moof is BoxReader fragment:
                    fragments.Add(Check(fragment, box, file, isFirst: fragments.Count == 0));
                    moof = null;
                    break;
                case "styp" or "prft" or "emsg" or "sidx" or "free" or "skip" when moof is null:
                    break;
                case "moov":
                    throw Refuse(file, offset, "it has a header of its own, which may be another one than the track's");
                default:
                    throw Refuse(file, offset, $"'{box.Type}' stands where players expect {(moof is null ? "'moof'" : "'mdat'")}");
            }

            offset = box.End;
        }

        return fragments.Count > 0 && moof is null ? fragments : throw Refuse(file, 0, "it has no whole fragment");
    }

    private PlayableFragment Check(BoxReader moof, TopLevelBox mdat, MediaFile file, bool isFirst)
    {
        try
        {
            return Read(moof, mdat, file, isFirst);
        }
        catch (PackagingException e) when (e.Code != NotPlayable.Code)
        {
            throw new PackagingException(NotPlayable.Code, $"the fragment is damaged: {e.Message}", file.Path, inner: e);
        }
    }

    private PlayableFragment Read(BoxReader moof, TopLevelBox mdat, MediaFile file, bool isFirst)
    {
        List<BoxReader> children = Children(moof);
        List<BoxReader> trafs = children.FindAll(child => child.Type == "traf");
        if (trafs.Count != 1)
        {
            throw Refuse(file, moof.FileStart, $"it holds {trafs.Count} track fragments; players expect one");
        }

        List<BoxReader> boxes = Children(trafs[0]);
        if (children.Exists(child => child.Type == "pssh") || FragmentEncryption.IsIn(trafs[0]))
        {
            throw Refuse(file, moof.FileStart, "it is encrypted");
        }

        TrackFragmentHeader fragmentHeader = ReadHeader(trafs[0], moof.FileStart, file);
        if (!trafs[0].TryFind("tfdt", out BoxReader tfdt))
        {
            throw Refuse(file, moof.FileStart, "it does not say when it is decoded ('tfdt'), as fragments of Smooth Streaming do not");
        }

        (byte version, _) = tfdt.FullBox();
        long decodeTime = version == 1 ? tfdt.L64() : tfdt.U32();
        List<FragmentSample> samples = [];
        _runs.Enter(file);
        _runs.Read(trafs[0], fragmentHeader, header.Defaults, samples);
        CheckSamples(samples, boxes, mdat, file);
        CheckSync(samples, boxes, moof.FileStart, file, isFirst);
        return new PlayableFragment(moof, (int)(samples[0].Offset - moof.FileStart), samples.Sum(sample => (long)sample.Size), decodeTime, samples);
    }

    private TrackFragmentHeader ReadHeader(BoxReader traf, long moofStart, MediaFile file)
    {
        const uint HasBaseOffset = 0x1;
        const uint IsEmpty = 0x10000;
        BoxReader tfhd = traf.Find("tfhd");
        TrackFragmentHeader read = TrackFragmentHeader.Read(tfhd, moofStart, moofStart);
        (_, uint flags) = tfhd.FullBox();
        if ((flags & (HasBaseOffset | IsEmpty)) != 0)
        {
            throw Refuse(file, moofStart, (flags & IsEmpty) != 0 ? "it is an empty stretch of time" : "it gives places in a whole file, which players of segments refuse");
        }

        TrackId = TrackId == 0 ? read.TrackId : TrackId;
        if (read.TrackId != TrackId || TrackId == 0)
        {
            throw Refuse(file, moofStart, $"it belongs to track {read.TrackId}; those in front of it belong to track {TrackId}");
        }

        uint description = read.Description ?? header.Defaults.Description;
        int count = header.Track.DescriptionMap.Count;
        return description >= 1 && description <= count
            ? read
            : throw Refuse(file, moofStart, $"it names sample description {description} of {count}");
    }

    /// <summary>Samples fill the mdat, last, and their composition offsets are what the run's version makes of them.</summary>
    private static void CheckSamples(List<FragmentSample> samples, List<BoxReader> boxes, TopLevelBox mdat, MediaFile file)
    {
        if (samples.Count == 0)
        {
            throw Refuse(file, mdat.Offset, "it has no samples");
        }

        if (samples.Exists(sample => sample.Duration == 0 || sample.Size == 0))
        {
            throw Refuse(file, mdat.Offset, "it has samples without duration or without bytes");
        }

        bool isUnsigned = boxes.Exists(box => box.Type == "trun" && box.FullBox().Version == 0);
        if (isUnsigned && samples.Exists(sample => sample.CompositionOffset < 0))
        {
            throw Refuse(file, mdat.Offset, "it has negative composition offsets in a run of version 0, which players take for thousands of seconds");
        }

        long next = samples[0].Offset;
        bool follow = true;
        foreach (FragmentSample sample in samples)
        {
            follow &= sample.Offset == next;
            next = sample.Offset + sample.Size;
        }

        long header = samples[0].Offset - mdat.Offset;
        if (!follow || next != mdat.End || header is not (8 or 16))
        {
            throw Refuse(file, mdat.Offset, $"its samples lie from {samples[0].Offset} to {next} and not in the 'mdat', which ends at {mdat.End}");
        }
    }

    /// <summary>Players begin at the first sample of a segment, and seek to what is flagged as a sync sample.</summary>
    private void CheckSync(List<FragmentSample> samples, List<BoxReader> boxes, long moofStart, MediaFile file, bool isFirst)
    {
        const uint NonSync = 0x10000;
        BoxReader sdtp = boxes.Find(box => box.Type == "sdtp");
        byte[]? dependencies = sdtp.Type == "sdtp" ? SyncSamples.ReadDependencies(sdtp) : null;
        bool[] isSync = SyncSamples.OfFragment(header.Track, samples, dependencies);
        if (isFirst && !isSync[0])
        {
            throw Refuse(file, moofStart, "it does not begin with a sync sample, so that nothing can be shown from there");
        }

        if (header.Track.Kind == TrackKind.Video && samples.Where((sample, i) => (sample.Flags & NonSync) == 0 != isSync[i]).Any())
        {
            throw Refuse(file, moofStart, "it flags samples as sync samples that depend on others");
        }
    }

    private static List<BoxReader> Children(BoxReader box)
    {
        List<BoxReader> children = [];
        while (box.NextChild(out BoxReader child))
        {
            children.Add(child);
        }

        return children;
    }

    private static PackagingException Refuse(MediaFile file, long offset, string reason) => new(NotPlayable.Code, reason, file.Path, offset);
}

/// <summary>A fragment that plays as it is.</summary>
/// <param name="Movie">Its moof, with its place in the blob.</param>
/// <param name="HeaderLength">moof and the mdat's header, bytes.</param>
/// <param name="PayloadLength">Bytes of its samples.</param>
/// <param name="DecodeTime">tfdt's, ticks.</param>
internal sealed record PlayableFragment(BoxReader Movie, int HeaderLength, long PayloadLength, long DecodeTime, IReadOnlyList<FragmentSample> Samples);
