@resize
Feature: A suite that covers a little

  @M-STOPPED-ONLY
  Rule: Only an instance whose status is STOPPED can be resized.

    @running-refused @M-STATUS-DENIED
    Example: A running instance is refused
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the instance is unchanged

  @M-RESIZE
  Rule: A stopped instance is changed to the type named.

    @resize-succeeds
    Example: A stopped instance is changed
      Given a STOPPED instance
      When ModifyInstanceType is called on it
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there

  @C-INSTANCES-PAGE-SIZE
  Rule: The pageSize of DescribeInstances is an integer of at most 1000.

    @page-sizes
    Scenario Outline: DescribeInstances is asked for pages of <size>
      When DescribeInstances is called with pageSize as <size>
      Then the answer is a success or a documented 400 error

      Examples:
        | size   |
        | 1000   |
        | 1001   |
        | null   |
        | "many" |
        | [7]    |
        | true   |
        | {}     |
