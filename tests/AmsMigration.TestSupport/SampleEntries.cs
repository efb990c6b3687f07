namespace AmsMigration.TestSupport;

/// <summary>Sample entries as encoders wrote them.</summary>
public static class SampleEntries
{
    /// <summary>H.264 Main, 320x180.</summary>
    public static byte[] Avc { get; } = Convert.FromHexString(
        "00000084617663310000000000000001000000000000000000000000000000000140" + "00b40048000000480000000000000001" + new string('0', 64)
        + "0018ffff0000002e61766343014d400dffe10017674d400deca0a0cfcf808800001f480007530078a14cb001000468ce0fc8");

    /// <summary>AAC-LC, 48 kHz, stereo or mono.</summary>
    public static byte[] Aac { get; } = Convert.FromHexString(
        "0000005a6d703461000000000000000100000000000000000002001000000000bb800000000000366573647300000000"
        + "0380808025000200048080801740150000000000fb780000fb780580808005118856e500068080800102");

    /// <summary>Uncompressed audio in QuickTime, which no output carries.</summary>
    public static byte[] Pcm { get; } = new TestBox("sowt").Zeros(6).U16(1).Zeros(8).U16(2).U16(16).Zeros(4).U32(48000 << 16).ToArray();

    public static byte[] Timecode { get; } = new TestBox("tmcd").Zeros(6).U16(1).Zeros(4).U32(0).U32(30000).U32(1001).U8(30).U8(0).ToArray();

    public static byte[] Text { get; } = new TestBox("tx3g").Zeros(6).U16(1).Zeros(30).ToArray();
}
