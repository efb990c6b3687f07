using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Mp4;

namespace AmsMigration.Packaging.Verification;

/// <summary>Reads what a manifest plays as one track, and checks that its boxes are those of CMAF and nothing else.</summary>
internal sealed class RenditionReader(OutputFiles files, Findings findings)
{
    /// <summary>moof is as long as its samples need, moov is small; what is longer is a lie that would cost memory.</summary>
    private const int MaxHeaderLength = 64 * 1024 * 1024;

    /// <param name="manifest">The playlist or MPD that plays it.</param>
    /// <param name="playlist">Null where the manifest is an MPD.</param>
    /// <param name="parts">Initialization segment first, then at least one media segment.</param>
    /// <returns>Null where it cannot be read; that is a finding.</returns>
    public async Task<CheckedRendition?> ReadAsync(
        string manifest, HlsPlaylist? playlist, IReadOnlyList<MediaPart> parts, CancellationToken cancellation)
    {
        var source = new PartsSource(files, parts);
        try
        {
            MediaFileContent content = await Mp4Reader.ReadAsync(source, 0, cancellation).ConfigureAwait(false);
            foreach (PackagingWarning warning in content.Warnings)
            {
                findings.Add(warning.Code, manifest, warning.Message);
            }

            if (content.Tracks.Count == 1 && content.Tracks[0].Samples.Count > 0)
            {
                var rendition = new CheckedRendition(manifest, parts, source, content.Tracks[0]) { Playlist = playlist };
                await CheckBoxesAsync(rendition, cancellation).ConfigureAwait(false);
                return rendition;
            }

            string reasons = string.Join(" ", content.LeftOut.Select(track => track.Reason));
            findings.Add("TrackCount", manifest, $"{parts[0]} and what follows play {content.Tracks.Count} tracks; expected 1, with samples. {reasons}");
        }
        catch (PackagingException e)
        {
            findings.Add(e.Code, manifest, e.Message);
        }

        source.Dispose();
        return null;
    }

    /// <summary>
    /// An initialization segment is ftyp and moov; a media segment is pairs of moof and mdat, which its samples fill. Those of an event's encoder may have
    /// more in front of each pair.
    /// </summary>
    private async Task CheckBoxesAsync(CheckedRendition rendition, CancellationToken cancellation)
    {
        var scanner = new TopLevelScanner(rendition.Source);
        uint sequence = 0;
        for (int i = 0; i < rendition.Parts.Count; i++)
        {
            long mediaBytes = 0;
            string before = "";
            long offset = rendition.Source.StartOf(i);
            long end = rendition.Source.StartOf(i + 1);
            while (offset < end
                && await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) is { IsTruncated: false } box
                && box.End <= end
                && MayFollow(isMedia: i > 0, rendition.IsInPlace, before, box.Type))
            {
                switch (box.Type)
                {
                    case "mdat":
                        mediaBytes += box.Length - 8;
                        break;
                    case "moof" or "moov" when box.Length <= MaxHeaderLength:
                        byte[] bytes = await scanner.ReadBytesAsync(box, MaxHeaderLength, cancellation).ConfigureAwait(false);
                        sequence = CheckHeader(rendition, BoxReader.Open(bytes, rendition.Parts[i].Path, 0), sequence);
                        break;
                }

                before = box.Type is "moof" or "mdat" or "ftyp" or "moov" || before.Length == 0 ? box.Type : before;
                offset = box.End;
            }

            if (offset != end || before is not ("moov" or "mdat"))
            {
                long place = rendition.Parts[i].Offset + offset - rendition.Source.StartOf(i);
                findings.Add(
                    "UnexpectedBoxes", rendition.Manifest, $"at offset {place}, {rendition.Parts[i]} are not the boxes of {(i == 0 ? "an initialization" : "a media")} segment");
            }
            else if (i > 0 && mediaBytes != rendition.Segments[i - 1].SampleBytes)
            {
                findings.Add(
                    "MediaData", rendition.Manifest, $"{rendition.Parts[i]} have {mediaBytes} bytes of media; the samples take {rendition.Segments[i - 1].SampleBytes}");
            }
        }
    }

    private static bool MayFollow(bool isMedia, bool isInPlace, string before, string type) => (isMedia, before) switch
    {
        (true, not "moof") when isInPlace && type is "styp" or "prft" or "emsg" or "sidx" or "free" or "skip" => true,
        (true, "prft" or "emsg" or "sidx" or "free" or "skip") => type == "moof",
        (false, "") => type == "ftyp",
        (false, "ftyp") => type == "moov",
        (true, "" or "mdat") => type == "moof" || (before.Length == 0 && type == "styp"),
        (true, "styp") => type == "moof",
        (true, "moof") => type == "mdat",
        _ => false,
    };

    /// <returns>The sequence number of the fragment, or that of the one before it.</returns>
    private uint CheckHeader(CheckedRendition rendition, BoxReader box, uint sequence)
    {
        if (BoxStructure.FindFault(box) is string fault)
        {
            findings.Add("BoxStructure", rendition.Manifest, $"in '{rendition.Parts[0].Path}' or its segments, {fault}");
            return sequence;
        }

        if (box.Type == "moov")
        {
            BoxReader stsd = box.Find("trak").Find("mdia").Find("minf").Find("stbl").Find("stsd");
            stsd.Skip(8);
            rendition.SampleEntries = stsd.Bytes(stsd.Remaining);
            return sequence;
        }

        BoxReader mfhd = box.Find("mfhd");
        mfhd.FullBox();
        uint next = mfhd.U32();
        if (next <= sequence && !rendition.IsInPlace)
        {
            findings.Add("SequenceNumber", rendition.Manifest, $"a fragment has the sequence number {next} and follows {sequence} (ISO/IEC 14496-12 8.8.5)");
        }

        return next;
    }
}
