@parameters @generated
Feature: Requests that nobody would think of
  Requests are made up from what the contract says of the parameters, right and wrong
  values alike. Whatever is sent, the answer is a documented one.

  @R-BAD-PARAMETER
  Rule: A bad parameter is answered with a 4xx status: whatever is sent, the answer is a documented one and no 5xx.

    @generated-requests @R-REFUSED-UNCHANGED
    Scenario Outline: <action> answers whatever it is sent
      Given a STOPPED instance
      When 120 generated requests are sent to <action>
      Then every answer was a documented one
      And the instance is unchanged

      Examples:
        | action                  |
        | ModifyInstanceType      |
        | DescribeInstancesStatus |
        | DescribeInstances       |
